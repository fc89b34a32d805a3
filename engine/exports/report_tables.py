"""The parts of a report below its map, as HTML in which every name is text."""

import html
from collections.abc import Sequence

import numpy as np

from engine.classifier import Training
from engine.evaluation import Report
from engine.exports.report_content import Content, Doubt, ReadPictures, doubts
from engine.exports.report_map import picture
from engine.values import count_labels, printable

CONFUSION_MAX = 40  # classes: a larger matrix is a list of what is confused most
CONFUSED, WORST = 30, 48
PICTURE_SIDE = 128


def text(value: object) -> str:
    """Return a name or number for HTML: nothing in it is markup."""
    return html.escape(printable(str(value)))


def sections(content: Content, read: ReadPictures) -> str:
    """Return the tables of classes, the confusion matrix and the worst labels."""
    parts = [_classes(content)]
    if content.report is not None and content.training is not None:
        parts.append(_confusion(content.report, content.training))
    parts.append(_worst(content, read))
    return "\n".join(filter(None, parts))


def _classes(content: Content) -> str:
    counts, report = count_labels(content.table.labels), content.report
    if not counts:
        return ""
    scores = {score.label: score for score in report.per_class} if report else {}
    heads = ["Class", "Images", *(["Precision", "Recall", "F1", "Judged"] if report else [])]
    rows = []
    for name, count in counts.items():
        cells = [f"{count:,}"]
        if name in scores:
            each = scores[name]
            cells += [f"{each.precision:.1%}", f"{each.recall:.1%}", f"{each.f1:.3f}",
                      f"{each.support:,}"]  # fmt: skip
        elif report:
            cells += [""] * 4
        rows.append(_row(name, cells))
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    table = (
        f'<div class="scroll"><table class="scores"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
    return _card("Classes", _figures(report, content) + table)


def _figures(report: Report | None, content: Content) -> str:
    if report is None:
        return '<p class="muted">No classifier was trained on these embeddings.</p>'
    low, high = report.interval
    figures = {
        "Accuracy": f"{report.accuracy:.1%} <small>{low:.1%} to {high:.1%}</small>",
        "Macro F1": f"{report.macro_f1:.3f}",
        "Log loss": f"{report.log_loss:.3f}",
        "Calibration error": f"{report.calibration_error:.3f}",
    }
    shown = "".join(
        f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in figures.items()
    )
    name = f" “{text(content.table.model)}”" if content.table.model else ""
    return (
        f'<p class="muted">How well the classifier{name} recognised images that it had not learnt '
        f'from.</p><dl class="figures">{shown}</dl>'
    )


def _confusion(report: Report, training: Training) -> str:
    if len(training.classes) > CONFUSION_MAX:
        return _confused(report, training)
    totals = np.maximum(report.confusion.sum(axis=1), 1)
    names = [text(name) for name in training.classes]
    head = "".join(f'<th scope="col" title="{name}">{name}</th>' for name in names)
    rows = []
    for true, (name, counts) in enumerate(zip(training.classes, report.confusion, strict=True)):
        cells = "".join(
            _cell(int(count), count / totals[true], true == predicted)
            for predicted, count in enumerate(counts)
        )
        rows.append(f'<tr><th scope="row" title="{text(name)}">{text(name)}</th>{cells}</tr>')
    table = (
        '<div class="scroll"><table class="confusion"><caption>A row for each true class, a column '
        f'for what it was taken for</caption><thead><tr><th scope="col"></th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
    return _card("Confusion matrix", table)


def _cell(count: int, share: float, is_right: bool) -> str:
    if not count:
        return '<td class="none">0</td>'
    right = ' data-right="1"' if is_right else ""
    return f'<td data-share="{share:.3f}"{right}>{count:,}</td>'


def _confused(report: Report, training: Training) -> str:
    wrong = report.confusion.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:CONFUSED]
    pairs = [np.unravel_index(place, wrong.shape) for place in order]
    rows = [
        _row(training.classes[true], [text(training.classes[other]), f"{wrong[true, other]:,}"])
        for true, other in pairs
        if wrong[true, other]
    ]
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Class", "Taken for", "Images"))
    table = f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return _card("What is confused most", f'<table class="scores">{table}</table>')


def _worst(content: Content, read: ReadPictures) -> str:
    found = doubts(content)
    if not found:
        return ""
    worst = found[:WORST]
    pixels = read([each.path for each in worst])
    items = "".join(
        _doubt(each, "" if isinstance(seen, str) else picture(seen, PICTURE_SIDE))
        for each, seen in zip(worst, pixels, strict=True)
    )
    of = f"The {len(worst)} worst of {len(found):,}" if len(found) > len(worst) else "All of them"
    source = (
        "suspected label errors"
        if content.quality is not None
        else "images that the classifier takes for another class than they have"
    )
    return _card(
        "Worst labels",
        f'<p class="muted">{of}: {source}. These are hints; look before you change a label.</p>'
        f'<ul class="pictures">{items}</ul>',
    )


def _doubt(doubt: Doubt, address: str) -> str:
    seen = (
        f'<img alt="" loading="lazy" src="{address}">'
        if address
        else '<div class="no-picture">no picture</div>'
    )
    more = f" → {text(doubt.suggested)}" if doubt.suggested else ""
    return (
        f"<li>{seen}<p><strong>{text(doubt.given)}{more}</strong></p>"
        f'<p class="muted">{text(doubt.path)}</p><p>suspicion {doubt.score:.2f}</p></li>'
    )


def _row(name: str, cells: Sequence[str]) -> str:
    texts = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row" title="{text(name)}">{text(name)}</th>{texts}</tr>'


def _card(title: str, inside: str) -> str:
    name = title.lower().replace(" ", "-")
    return (
        f'<section class="card" aria-labelledby="{name}"><h2 id="{name}">{title}</h2>'
        f"{inside}</section>"
    )
