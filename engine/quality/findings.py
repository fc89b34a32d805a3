"""One thing that may be wrong with one image, and all that were found in a run."""

from dataclasses import dataclass, field

LABEL, DUPLICATE, OUTLIER, ODD = "label", "duplicate", "outlier", "image"
EXACT, NEAR = "exact", "near"  # issues of a duplicate
KINDS = (LABEL, DUPLICATE, OUTLIER, ODD)  # in the order in which they are looked at


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that may be wrong with an image. It is a hint; a person decides.

    kind:      one of `KINDS`.
    path:      of the image, relative to the dataset folder.
    score:     0 to 1, the larger the more suspicious; comparable within one kind and issue only.
    given:     its class when it was judged, "" for none.
    suggested: of a label: the class that it more likely has; else "".
    issue:     of a duplicate "exact" or "near"; of an odd image "dark", "bright", "blurred",
               "empty", "aspect", "small" or "unreadable"; else "".
    twin:      of a duplicate: the image of the same group that would stay; else "".
    conflict:  of a duplicate: whether images of its group have different classes.
    says:      one short sentence for the user; "" for a duplicate, of which
               `engine.quality.copies.sentence_of` says where and what its twin is now.
    """

    kind: str
    path: str
    score: float
    given: str = ""
    suggested: str = ""
    issue: str = ""
    twin: str = ""
    conflict: bool = False
    says: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """Everything that was found in a run.

    run:        its name.
    findings:   kind by kind in the order of `KINDS`, the worst of each kind first.
    duplicates: groups of two paths or more that show the same picture, the one that would stay
                first.
    suspicion:  of each image that has a class, by path: 0 to 1, how doubtful its class is.
    seconds:    all of it.
    notes:      for the user: what could not be judged, and why.
    """

    run: str
    findings: tuple[Finding, ...] = ()
    duplicates: tuple[tuple[str, ...], ...] = ()
    suspicion: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
