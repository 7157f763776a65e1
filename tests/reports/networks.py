"""Networks whose pictures are no row: they go down to small images and up again, or keep several sizes side by side."""

from __future__ import annotations

U_NET = """
block double(channels) {
    conv channels 3x3 pad=1 | bn | relu
    conv channels 3x3 pad=1 | bn | relu
}
block up(channels, skip) {
    conv_transpose channels 2x2 stride=2
    concat skip
    double channels
}
network UNet {
    input 1x64x64
    enc1: double 16 | maxpool 2x2
    enc2: double 32 | maxpool 2x2
    enc3: double 64 | maxpool 2x2
    double 128
    up 64 enc3
    up 32 enc2
    up 16 enc1
    conv 2 1x1
}
"""

FLAT_U_NET = """
network Flat {
    input 1x40x40
    a: seq { conv 8 3x3 pad=1 | relu }
    b: seq { conv 8 3x3 pad=1 stride=2 | relu }
    c: seq { conv 16 3x3 pad=1 stride=2 | relu }
    conv 16 3x3 pad=1 | relu
    upsample 2 | concat b
    conv 8 3x3 pad=1 | relu
    upsample 2 | concat a
    conv 8 3x3 pad=1 | relu
}
"""

GATED_U_NET = """
network Gated {
    input 1x64x64
    a: seq { conv 8 3x3 pad=1 | relu }
    maxpool 2x2
    b: seq { conv 16 3x3 pad=1 | relu }
    maxpool 2x2
    conv 32 3x3 pad=1 | relu
    up2: conv_transpose 16 2x2 stride=2
    from b
    add up2 | relu
    conv 1 1x1 | sigmoid | mul b
    gate2: concat up2 | conv 16 3x3 pad=1 | relu
    up1: conv_transpose 8 2x2 stride=2
    from a
    add up1 | relu
    conv 1 1x1 | sigmoid | mul a
    concat up1 | conv 8 3x3 pad=1 | relu
    conv 2 1x1
}
"""

PYRAMID = """
block merge(lateral, channels) {
    upsample 2
    add {
        branch { identity }
        branch { from lateral | conv channels 1x1 }
    }
}
network Pyramid {
    input 3x64x64
    stem: seq { conv 16 3x3 pad=1 stride=2 | relu }
    c2: seq { conv 16 3x3 pad=1 stride=2 | relu }
    c3: seq { conv 32 3x3 pad=1 stride=2 | relu }
    c4: seq { conv 64 3x3 pad=1 stride=2 | relu }
    m4: conv 16 1x1
    head weight=1 { conv 4 3x3 pad=1 }
    head weight=1 { conv 4 3x3 pad=1 | maxpool 1x1 stride=2 }
    m3: merge c3 16
    head weight=1 { conv 4 3x3 pad=1 }
    m2: merge c2 16
    conv 4 3x3 pad=1
}
"""

FLAT_PYRAMID = """
network FlatPyramid {
    input 3x64x64
    c2: seq { conv 16 3x3 pad=1 stride=2 | relu }
    c3: seq { conv 32 3x3 pad=1 stride=2 | relu }
    c4: seq { conv 64 3x3 pad=1 stride=2 | relu }
    from c2
    l2: conv 16 1x1
    from c3
    l3: conv 16 1x1
    from c4
    l4: conv 16 1x1
    upsample 2 | add l3
    m3: conv 16 3x3 pad=1
    upsample 2 | add l2
    m2: conv 16 3x3 pad=1 stride=2
    add m3
    n3: conv 16 3x3 pad=1 stride=2
    add l4 | conv 4 1x1
}
"""

HOURGLASSES = """
block unit(channels) {
    residual { conv channels 3x3 pad=1 | bn | relu | conv channels 3x3 pad=1 | bn }
    relu
}
block hourglass(channels) {
    a: unit channels
    maxpool 2x2
    b: unit channels
    maxpool 2x2
    unit channels
    upsample 2
    add b
    upsample 2
    add a
}
network Hourglasses {
    input 16x32x32
    hourglass 16
    hourglass 16
    conv 8 1x1
}
"""

STREAMS = """
network Streams {
    input 3x64x64
    conv 16 3x3 stride=2 pad=1 | relu
    a1: seq { conv 16 3x3 pad=1 | relu }
    b1: seq { conv 32 3x3 stride=2 pad=1 | relu }
    from a1
    a2: seq { conv 16 3x3 pad=1 | relu }
    from b1
    b2: seq { conv 32 3x3 pad=1 | relu }
    from b2
    b2a: seq { conv 16 1x1 | upsample 2 }
    add a2
    a3: relu
    from a2
    a2b: conv 32 3x3 stride=2 pad=1
    add b2
    b3: relu
    c3: seq { conv 64 3x3 stride=2 pad=1 | relu }
    from a3
    a4: seq { conv 16 3x3 pad=1 | relu }
    from b3
    b4: seq { conv 32 3x3 pad=1 | relu }
    from c3
    c4: seq { conv 64 3x3 pad=1 | relu }
    from b4
    b4a: seq { conv 16 1x1 | upsample 2 }
    from c4
    c4a: seq { conv 16 1x1 | upsample 4 }
    add a4 b4a
    a5: relu
    from a4
    a4b: conv 32 3x3 stride=2 pad=1
    from c4
    c4b: seq { conv 32 1x1 | upsample 2 }
    add b4 a4b
    b5: relu
    upsample 2
    concat a5
    conv 4 1x1
}
"""

NESTED_U_NET = """
block node(channels) {
    conv channels 3x3 pad=1 | relu
}
network Nested {
    input 1x32x32
    x00: node 8
    maxpool 2x2
    x10: node 16
    upsample 2 | concat x00
    x01: node 8
    from x10
    maxpool 2x2
    x20: node 32
    upsample 2 | concat x10
    x11: node 16
    upsample 2 | concat x00 x01
    x02: node 8
    conv 2 1x1
}
"""

PYRAMID_POOLING = """
network Pooling {
    input 16x24x24
    x: conv 16 3x3 pad=1 | relu
    concat {
        branch { identity }
        branch { maxpool 2x2 | conv 4 1x1 | upsample 2 }
        branch { maxpool 4x4 | conv 4 1x1 | upsample 4 }
        branch { maxpool 8x8 | conv 4 1x1 | upsample 8 }
    }
    conv 4 3x3 pad=1
}
"""

GATE = """
network Gate {
    input 16x24x24
    x: conv 16 3x3 pad=1 | relu
    global_avgpool | conv 4 1x1 | relu | conv 16 1x1 | sigmoid
    mul x
    conv 4 3x3 pad=1
}
"""

AUTOENCODER = """
network Autoencoder {
    input 1x32x32
    conv 8 3x3 stride=2 pad=1 | relu
    conv 8 3x3 stride=2 pad=1 | relu
    upsample 2 | conv 8 3x3 pad=1 | relu
    upsample 2 | conv 1 3x3 pad=1
}
"""

US = {
    "U-Net": U_NET,
    "flat U-Net": FLAT_U_NET,
    "gated U-Net": GATED_U_NET,
    "pyramid": PYRAMID,
    "flat pyramid, down once more": FLAT_PYRAMID,
}
STREAM_NETS = {"streams": STREAMS, "nested U-Net": NESTED_U_NET}
GATE_OF_ROWS = """
network Gate {
    input 8x16x20
    mul {
        branch { identity }
        branch { avgpool 1x20 | conv 8 1x1 | sigmoid }
    }
    conv 8 3x3 pad=1
}
"""

OTHERS = {"pyramid pooling": PYRAMID_POOLING, "gate": GATE, "gate of rows": GATE_OF_ROWS, "autoencoder": AUTOENCODER}
