"""The backbones: every image network of Keras Applications, in one table. Imports no Keras.

Source: Keras Applications (keras.io/api/applications), version 3.15. Parameters and
multiply-accumulates are counted without the classification layer, at the native size.
"""

import difflib
from dataclasses import dataclass

from engine import limits
from engine.errors import EngineError

MULTIPLY_ADDS_PER_CORE_PER_SECOND = 30e9  # measured on a 2-core x86-64 machine with AVX-512
SECONDS_PER_IMAGE_BESIDES = 0.004  # reading and writing, at best


@dataclass(frozen=True, slots=True)
class Backbone:
    """A network trained on ImageNet, without its classification layer.

    name:          also its constructor in ``keras.applications``.
    module:        module of ``keras.applications`` whose ``preprocess_input`` belongs to it.
    native_size:   side of the square input it was trained on, pixels.
    smallest_size: smallest side it takes, pixels.
    dimensions:    D with average or maximum pooling.
    megaparams:    millions of parameters.
    giga_macs:     billions of multiply-accumulates for one image.
    weights_file:  name under which Keras keeps the ImageNet weights.
    licence:       of Keras's weights.
    """

    name: str
    module: str
    native_size: int
    smallest_size: int
    dimensions: int
    megaparams: float
    giga_macs: float
    weights_file: str
    licence: str = "Apache-2.0"

    @property
    def weights_mb(self) -> float:
        """Size of the weights file, megabytes."""
        return self.megaparams * 4


_TF = "_weights_tf_dim_ordering_tf_kernels"
_NOTOP = f"{_TF}_notop.h5"
# name, module, native size, smallest size, dimensions, megaparams, giga-MACs, weights file
_TABLE = (
    ("Xception", "xception", 299, 71, 2048, 20.86, 8.36, f"xception{_NOTOP}"),
    ("VGG16", "vgg16", 224, 32, 512, 14.71, 15.35, f"vgg16{_NOTOP}"),
    ("VGG19", "vgg19", 224, 32, 512, 20.02, 19.51, f"vgg19{_NOTOP}"),
    (
        "MobileNetV2",
        "mobilenet_v2",
        224,
        32,
        1280,
        2.26,
        0.3,
        f"mobilenet_v2{_TF}_1.0_224_no_top.h5",
    ),
    ("MobileNet", "mobilenet", 224, 32, 1024, 3.23, 0.57, "mobilenet_1_0_224_tf_no_top.h5"),
    (
        "MobileNetV3Small",
        "mobilenet_v3",
        224,
        32,
        576,
        0.94,
        0.06,
        "weights_mobilenet_v3_small_224_1.0_float_no_top_v2.h5",
    ),
    (
        "MobileNetV3Large",
        "mobilenet_v3",
        224,
        32,
        960,
        3.00,
        0.21,
        "weights_mobilenet_v3_large_224_1.0_float_no_top_v2.h5",
    ),
    ("ResNet50", "resnet", 224, 32, 2048, 23.59, 3.86, f"resnet50{_NOTOP}"),
    ("ResNet101", "resnet", 224, 32, 2048, 42.66, 7.57, f"resnet101{_NOTOP}"),
    ("ResNet152", "resnet", 224, 32, 2048, 58.37, 11.28, f"resnet152{_NOTOP}"),
    ("ResNet50V2", "resnet_v2", 224, 32, 2048, 23.56, 3.48, f"resnet50v2{_NOTOP}"),
    ("ResNet101V2", "resnet_v2", 224, 32, 2048, 42.63, 7.19, f"resnet101v2{_NOTOP}"),
    ("ResNet152V2", "resnet_v2", 224, 32, 2048, 58.33, 10.9, f"resnet152v2{_NOTOP}"),
    ("InceptionV3", "inception_v3", 299, 75, 2048, 21.80, 5.71, f"inception_v3{_NOTOP}"),
    (
        "InceptionResNetV2",
        "inception_resnet_v2",
        299,
        75,
        1536,
        54.34,
        13.15,
        f"inception_resnet_v2{_NOTOP}",
    ),
    ("DenseNet121", "densenet", 224, 32, 1024, 7.04, 2.83, f"densenet121{_NOTOP}"),
    ("DenseNet169", "densenet", 224, 32, 1664, 12.64, 3.36, f"densenet169{_NOTOP}"),
    ("DenseNet201", "densenet", 224, 32, 1920, 18.32, 4.29, f"densenet201{_NOTOP}"),
    ("NASNetMobile", "nasnet", 224, 32, 1056, 4.27, 0.56, "nasnet_mobile_no_top.h5"),
    ("NASNetLarge", "nasnet", 331, 32, 4032, 84.92, 23.8, "nasnet_large_no_top.h5"),
    ("EfficientNetB0", "efficientnet", 224, 32, 1280, 4.05, 0.38, "efficientnetb0_notop.h5"),
    ("EfficientNetB1", "efficientnet", 240, 32, 1280, 6.58, 0.69, "efficientnetb1_notop.h5"),
    ("EfficientNetB2", "efficientnet", 260, 32, 1408, 7.77, 0.99, "efficientnetb2_notop.h5"),
    ("EfficientNetB3", "efficientnet", 300, 32, 1536, 10.78, 1.83, "efficientnetb3_notop.h5"),
    ("EfficientNetB4", "efficientnet", 380, 32, 1792, 17.67, 4.39, "efficientnetb4_notop.h5"),
    ("EfficientNetB5", "efficientnet", 456, 32, 2048, 28.51, 10.26, "efficientnetb5_notop.h5"),
    ("EfficientNetB6", "efficientnet", 528, 32, 2304, 40.96, 19.07, "efficientnetb6_notop.h5"),
    ("EfficientNetB7", "efficientnet", 600, 32, 2560, 64.10, 37.74, "efficientnetb7_notop.h5"),
    (
        "EfficientNetV2B0",
        "efficientnet_v2",
        224,
        32,
        1280,
        5.92,
        0.72,
        "efficientnetv2-b0_notop.h5",
    ),
    ("EfficientNetV2B1", "efficientnet_v2", 240, 32, 1280, 6.93, 1.2, "efficientnetv2-b1_notop.h5"),
    ("EfficientNetV2B2", "efficientnet_v2", 260, 32, 1408, 8.77, 1.7, "efficientnetv2-b2_notop.h5"),
    (
        "EfficientNetV2B3",
        "efficientnet_v2",
        300,
        32,
        1536,
        12.93,
        3.01,
        "efficientnetv2-b3_notop.h5",
    ),
    ("EfficientNetV2S", "efficientnet_v2", 384, 32, 1280, 20.33, 8.36, "efficientnetv2-s_notop.h5"),
    (
        "EfficientNetV2M",
        "efficientnet_v2",
        480,
        32,
        1280,
        53.15,
        24.58,
        "efficientnetv2-m_notop.h5",
    ),
    (
        "EfficientNetV2L",
        "efficientnet_v2",
        480,
        32,
        1280,
        117.75,
        56.08,
        "efficientnetv2-l_notop.h5",
    ),
    ("ConvNeXtTiny", "convnext", 224, 32, 768, 27.82, 4.45, "convnext_tiny_notop.h5"),
    ("ConvNeXtSmall", "convnext", 224, 32, 768, 49.45, 8.68, "convnext_small_notop.h5"),
    ("ConvNeXtBase", "convnext", 224, 32, 1024, 87.57, 15.35, "convnext_base_notop.h5"),
    ("ConvNeXtLarge", "convnext", 224, 32, 1536, 196.23, 34.36, "convnext_large_notop.h5"),
    ("ConvNeXtXLarge", "convnext", 224, 32, 2048, 348.15, 60.92, "convnext_xlarge_notop.h5"),
)

BACKBONES = {row[0]: Backbone(*row) for row in _TABLE}
DEFAULT = "MobileNetV2"


def backbone_named(name: str) -> Backbone:
    """Return the backbone of that name; upper and lower case do not matter.

    Raises
    ------
    EngineError
        When there is none, with the names that come closest.
    """
    by_lower = {key.lower(): backbone for key, backbone in BACKBONES.items()}
    if name.lower() in by_lower:
        return by_lower[name.lower()]
    close = difflib.get_close_matches(name.lower(), by_lower, n=3)
    names = [by_lower[key].name for key in close] or ["Xception", "VGG16", DEFAULT]
    raise EngineError(f"There is no backbone “{name}”; choose for example {', '.join(names)}.")


def estimate_seconds(backbone: Backbone, images: int, side: int) -> float:
    """Guess how long embedding takes on this machine, from the cores it may use alone.

    Parameters
    ----------
    backbone
        Which one.
    images
        How many.
    side
        Of the square that the backbone gets, pixels.
    """
    work = backbone.giga_macs * 1e9 * (side / backbone.native_size) ** 2
    speed = MULTIPLY_ADDS_PER_CORE_PER_SECOND * limits.cores()
    return images * (work / speed + SECONDS_PER_IMAGE_BESIDES)
