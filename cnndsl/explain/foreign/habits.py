"""How people write here what is written in another way: what it is here, why, and how they write it.

What they write are examples, with two blanks between them. The numbers and names of an example that are in what it is here
are those of the text, whatever they are. A number may be a size too. ``…`` and ``‥`` are anything; at the beginning, ``…``
means that something comes before. All else has to be there as it is. To teach a habit, add a row.
"""

from __future__ import annotations

from typing import NamedTuple

from ...diagnostics import DiagnosticKind
from ...diagnostics.kinds import syntax
from ..repair.costs import ARITHMETIC, UNCLOSED, UNOPENED

__all__ = ["GROUPS", "HABITS", "KINDS", "LITERAL", "SAID", "SIMILAR", "WORDS", "WORDS_TOO", "Said"]

WORDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("elif", "elsif", "elseif"), ("ELSE", "IF")),
    **dict.fromkeys(("def", "fn", "func", "function"), ("BLOCK",)),
    **dict.fromkeys(("model", "net", "module"), ("NETWORK",)),
    **dict.fromkeys(("var", "const", "val"), ("LET",)),
    **dict.fromkeys(("import", "include"), ("USE",)),
    **dict.fromkeys(("=>", "==>", "-->", "- >", "→", "⇒", "–>", "—>"), ("ARROW",)),
    "True": ("TRUE",),
    "False": ("FALSE",),
    "&&": ("AND",),
    "||": ("OR",),
    "!": ("NOT",),
    "^": ("POWER",),
    ";": ("NEWLINE",),
    "−": ("MINUS",),
    "×": ("STAR",),
    ":=": ("EQUAL",),
}
"""Words and signs of other languages, and the terminals that stand for them here."""

_WORD_FIRST = "a layer begins with its word, then come its channels, then its window"
_WITH_X = "a shape is written with x"
_LET = "a name is bound by `let`"
_LIST = "a loop goes through a list"
_REPEAT = "`repeat` says how often"
_PARAMETERS = "parameters are written in parentheses, with commas between them"
_BODY = "a body is written in braces"
_NEXT = "layers are separated by `|`"
_NAMED = "a value follows its name after `=`"
_BATCH = "the batch is not part of a shape"
_HELD = "write the layers of a branch in braces"
_BEFORE = "a label is written before its layer, with a colon"
_CONTRACT = "the shape that is expected follows after `->`"
_EXPECT = "a figure is expected by `expect`"
_ALONE = "nothing is written before a layer but its label"
_ARITHMETIC = "arithmetic among arguments needs parentheses"
_CHANNELS_FIRST = "channels come first here"
_JOIN = "values are joined by a layer, which takes the labels of the others"
_COMMENT = "a comment begins with `#`"
_SETTING = "a setting is a word and its value, without `=`, `:` and parentheses"

_SETTINGS = ("batch", "epochs", "data", "loss", "optimizer", "schedule", "sgd", "lr", "momentum", "cross_entropy")
LITERAL = frozenset(("input", "params", "macs", *_SETTINGS))
"""Names that stand for themselves in an example, as those of structures do."""

HABITS: tuple[tuple[str, str, str], ...] = (
    # How a network is trained.
    ("batch 8", _SETTING, "batch = 8  batch: 8  batch_size = 8  batch_size: 8"),
    ("epochs 8", _SETTING, "epochs = 8  epochs: 8  num_epochs = 8"),
    ("data c", _SETTING, "data = c  data: c"),
    ("schedule c", _SETTING, "schedule = c  schedule: c  scheduler = c  scheduler: c"),
    ("optimizer c", _SETTING, "optimizer = c  optimizer: c"),
    ("optimizer c lr=3", _SETTING, "optimizer = c lr=3  optimizer: c lr=3"),
    (
        "optimizer sgd lr=3",
        _SETTING,
        "optimizer = torch.optim.SGD(model.parameters(), lr=3)  optimizer = SGD(lr=3)  optimizer SGD(lr=3)",
    ),
    ("optimizer sgd lr=3 momentum=4", _SETTING, "optimizer = torch.optim.SGD(model.parameters(), lr=3, momentum=4)"),
    ("loss cross_entropy", _SETTING, "criterion = nn.CrossEntropyLoss()  loss = nn.CrossEntropyLoss()"),
    ("loss cross_entropy", _SETTING, "loss: cross_entropy  loss = cross_entropy  loss cross-entropy"),
    ("# …", _COMMENT, "… // …  … -- …"),
    # How Python joins values and says what comes in.
    ("add skip", _JOIN, "x = x + skip  x = skip + x  x += skip  out += skip  out = out + skip  x = torch.add(x, skip)"),
    ("mul skip", _JOIN, "x = x * skip  x = skip * x  x *= skip  x = layers.Multiply()([skip, x])"),
    ("add skip", _JOIN, "x = layers.Add()([x, skip])  x = layers.add([x, skip])"),
    ("concat skip", _JOIN, "x = torch.cat([x, skip], 1)  x = torch.cat([x, skip], dim=1)  x = torch.cat((x, skip), 1)"),
    (
        "concat skip",
        _JOIN,
        "x = layers.Concatenate()([x, skip])  x = layers.concatenate([x, skip], axis=-1)  x = Concatenate()([x, skip])",
    ),
    ("input 3x4x5", _CHANNELS_FIRST, "inputs = keras.Input(shape=(4, 5, 3))  inputs = Input(shape=(4, 5, 3))"),
    ("input 3", _CHANNELS_FIRST, "inputs = keras.Input(shape=(3,))  inputs = Input(shape=(3,))"),
    # What is computed.
    ('"c{i + 8}":', "a label with a hole is written in quotes", "c{i + 8}:"),
    ('"c{i}":', "a label with a hole is written in quotes", "c{i}:"),
    ("(8 * c + 3)", _ARITHMETIC, "… 8 * c + 3"),
    ("(3 + 8)", _ARITHMETIC, "… 3 + 8"),
    ("(3 - 8)", _ARITHMETIC, "… 3 - 8"),
    ("(c * i)", _ARITHMETIC, "… c * i"),
    ("(c * 8)", _ARITHMETIC, "… c * 8"),
    ("(8 * c)", _ARITHMETIC, "… 8 * c"),
    ("(c - i)", _ARITHMETIC, "… c - i"),
    ("(c - 8)", _ARITHMETIC, "… c - 8  … c -8"),
    ("(c + i)", _ARITHMETIC, "… c + i"),
    ("(c + 8)", _ARITHMETIC, "… c + 8"),
    ("(c // 8)", _ARITHMETIC, "… c // 8"),
    # The order of what a layer is given, and what stands before it.
    ("conv 8 3", _WORD_FIRST, "3 conv 8  8 3 conv  3 8 conv"),
    ("conv 8", _WORD_FIRST, "8 conv"),
    (
        "conv 8 3x4",
        "channels and window are written side by side",
        "conv 8@3x4  conv 8 @ 3x4  conv 8 of 3x4  conv 8 3 x 4",
    ),
    ("conv 8 3x3", "a window has its two numbers in one word", "conv 8 3 3"),
    ("avgpool 3x4", "a layer is one word", "average pooling 3x4  average pool 3x4  mean pooling 3x4  avg pool 3x4"),
    ("maxpool 3x4", "a layer is one word", "max pooling 3x4  max pool 3x4"),
    ("flatten", "`flatten` makes a vector", "reshape -1  view -1  reshape(-1)"),
    ("conv 8 3x4", "the window is an argument", "conv3x4 8"),
    ("conv 3x4", "the window is an argument", "conv3x4"),
    ("c: conv 8", "a label ends in a colon", "c conv 8"),
    ("conv 8", _ALONE, "layer conv 8  nn conv 8"),
    ("conv", _ALONE, "- conv  * conv  + conv  1. conv  1) conv  > conv"),
    ('"1": conv', "a label begins with a letter, or is written in quotes", "1: conv"),
    # Names.
    ("stride=2", "what a layer is given follows it without `|`", "… | stride=2"),
    ("expect c = 8", _EXPECT, "assert c == 8  assert c = 8  require c = 8  check c = 8"),
    ("expect params = 8", _EXPECT, "params = 8  params == 8  params: 8"),
    ("expect macs = 8", _EXPECT, "macs = 8  macs == 8  macs: 8"),
    ("c: identity", "a label before a layer names the value that it makes", "c = x  c = out  c = input  c = net"),
    ("c:", _BEFORE, "c ="),
    ("let c = 8", _LET, "c = 8  c := 8  int c = 8  float c = 8  auto c = 8  set c = 8  set c 8  define c 8"),
    ("let c =", _LET, "c =  c :=  c < -  int c =  set c ="),
    ("name: conv …", _BEFORE, "conv … as name"),
    ("use … from i", "what is used comes before where it is from", "from i use …"),
    ("network name(c = 8) {", _PARAMETERS, "network name c=8 {  network name c = 8 {"),
    ("block name(c) {", _PARAMETERS, "block name c {  block name: c {"),
    ("block name(c, i) {", _PARAMETERS, "block name c i {  block name c, i {  block name(c i) {"),
    # Shapes.
    ("input 3x4x5", _WITH_X, "input [3, 4, 5]  input (3, 4, 5)"),
    ("-> 3x4x5", _WITH_X, "… -> 3@4x5  … -> 3 @ 4x5"),
    ("input 3x4x5", _WITH_X, "input 3, 4, 5  input 3 4 5  input 3 x 4 x 5"),
    ("input 3x4x5", _BATCH, "input (None, 3, 4, 5)  input (N, 3, 4, 5)  input N, 3, 4, 5  input None, 3, 4, 5"),
    ("-> 3x4x5", _WITH_X, "… -> 3, 4, 5  … -> 3 4 5  … -> (3 4 5)  … -> [3 4 5]  … -> [3, 4, 5]"),
    ("-> 3x4", _WITH_X, "… -> 3, 4  … -> 3 4"),
    ("-> 3x4", _CONTRACT, "… : 3x4  … = 3x4  … == 3x4  … ~ 3x4  … gives 3x4  … yields 3x4"),
    # Loops and choices.
    ("for i in range(3, 8 + 1)", _LIST, "for i = 3 to 8  for i = 3 : 8  for i from 3 to 8  for i in 3 : 8"),
    ("for i in range(3, 8)", _LIST, "for i in 3..8  for i in 3 to 8  for i in 3...8  for i = 3, 8"),
    ("for i in range(3, 8)", _LIST, "for (int i = 3; i < 8; i++)  for (i = 3; i < 8; i++)  for i = 3; i < 8; i++"),
    ("for i in range(3)", _LIST, "for i in 3  for i < 3  for i to 3"),
    (
        "repeat 3",
        _REPEAT,
        "for 3 times  loop 3 times  repeat 3 times  repeat (3) times  for 3  loop 3  do 3  repeat x 3",
    ),
    ("repeat 3 {", _REPEAT, "3 * {  3 times {  3 {  3x {"),
    ("repeat 3 { … }", _REPEAT, "{ … } * 3  [ … ] * 3  ( … ) * 3  3 * ( … )  3 * [ … ]"),
    ("for i in … { ‥ }", _BODY, "for i in … : ‥  for i in … do ‥"),
    ("repeat 3 { … }", _BODY, "repeat 3: …  repeat 3 do …"),
    ("residual { … }", _BODY, "residual: …  residual ( … )"),
    ("if … { ‥ }", _BODY, "if … then ‥  if (…) ‥"),
    ("", "a `residual` adds its input to its result by itself", "… + x  … + identity  … + shortcut  … + skip"),
    # What follows a layer, and what it is given by name.
    ("| relu", _NEXT, "… then relu  … -> relu  … => relu  … >> relu  … + relu  … and relu"),
    ("bias=false", _NAMED, "… no bias  … without bias  … -bias  … not bias  … !bias"),
    ("bias=true", _NAMED, "… with bias  … +bias"),
    ("stride=(3 if ‥ else 4)", "a choice is written with `if` and `else`", "… stride=(‥ ? 3 : 4)"),
    ("stride=2", "a stride has a name", "… / 2  … /2  … // 2"),
    ("stride=2", _NAMED, "… stride == 2  … stride := 2  … stride is 2  … -stride 2  … -- stride 2"),
    ("pad=same", "write words without quotes", "… pad='same'  … pad: 'same'"),
    # Branches.
    (
        "concat skip",
        "values are joined by their names alone",
        "concat [skip]  concat with skip  concat and skip",
    ),
    ("branch { from skip }", _HELD, "branch skip"),
    ("branch { … }", _HELD, "branch …"),
)


KINDS = {_ARITHMETIC: syntax.UNCLEAR_MINUS, _COMMENT: syntax.UNEXPECTED}
"""What is wrong with a line, by why it is written otherwise here, where that is told though other mistakes are left."""


class Said(NamedTuple):
    """What is said where a change has one of these kinds, and these types of tokens before and after it; empty for any.

    It is said of the changed tokens, of the bracket that the first of them closes or opens, or of what is to blame.
    """

    change: str
    old: str
    new: str
    kind: DiagnosticKind
    says: str
    label: str = ""
    place: str = "change"


SAID = (
    Said("brace", "", "RBRACE", syntax.UNEXPECTED, "a body ends with `}}`, not with `{old}`"),
    Said("brace", "COLON", "LBRACE", syntax.UNEXPECTED, "a body is written in braces, not after a colon"),
    Said("brace", "", "LBRACE", syntax.UNEXPECTED, "a body is written in braces, not after `{old}`"),
    Said("open", "", "", syntax.UNEXPECTED, "`{first}` lacks the `{{` of its body"),
    Said("close", "", "", syntax.UNCLOSED, "this brace is never closed", "opened here", "blame"),
    Said("replace", UNCLOSED, "LBRACE", syntax.UNCLOSED, "this brace is never closed", "opened here"),
    Said("delete", UNOPENED, "", syntax.UNMATCHED, "this brace has no opening partner", "closes nothing"),
    Said("delete", "PIPE RBRACE", "", syntax.UNEXPECTED, "no layer follows this `|`"),
    Said(
        "delete",
        "NEWLINE LBRACE",
        "",
        syntax.UNEXPECTED,
        "a `{{` must be on the same line as the word that it belongs to",
        "move it up",
        "next",
    ),
    Said(
        "code",
        "",
        "",
        syntax.UNEXPECTED,
        "`{old}` is code, and a spec has none",
        "`cnndsl import` makes a network of it",
    ),
    Said("number", "NUMBER STAR", "", syntax.UNCLEAR_MINUS, "`{old}` is neither a size nor a product"),
    Said("number", "NUMBER BAD_CHARACTER", "", syntax.BAD_CHARACTER, "`{old}` is not a {noun}"),
    Said("number", "", "", syntax.BAD_NUMBER, "`{old}` is not a {noun}"),
    Said("", "BAD_NUMBER", "", syntax.BAD_NUMBER, "`{old}` is not a {noun}"),
    Said("", "BAD_STRING", "", syntax.UNCLOSED_STRING, "this string does not end on its line"),
    Said("", "BAD_QUOTED", "", syntax.BAD_CHARACTER, "single quotes have no meaning here"),
    Said("foreign", "BAD_CHARACTER COMPARISON", "ARROW", syntax.UNEXPECTED, "`{old}` is written `{new}`"),
    Said("foreign", "BAD_CHARACTER", "", syntax.BAD_CHARACTER, "`{old}` is written `{new}`"),
    Said("", "BAD_CHARACTER", "", syntax.BAD_CHARACTER, "{character} has no meaning here"),
    Said("insert", "", "RPAR", syntax.UNCLOSED, "this parenthesis is never closed", "opened here", "partner"),
    Said("insert", "", "RSQB", syntax.UNCLOSED, "this bracket is never closed", "opened here", "partner"),
    Said("delete", "LPAR", "", syntax.UNCLOSED, "this parenthesis is never closed", "opened here"),
    Said("delete", "LSQB", "", syntax.UNCLOSED, "this bracket is never closed", "opened here"),
    Said("replace", "RPAR", "RSQB", syntax.UNMATCHED, "this `[` is closed by `{old}`"),
    Said("replace", "RSQB", "RPAR", syntax.UNMATCHED, "this `(` is closed by `{old}`"),
    Said("delete", "RPAR", "", syntax.UNMATCHED, "this parenthesis has no opening partner", "closes nothing"),
    Said("delete", "RSQB", "", syntax.UNMATCHED, "this bracket has no opening partner", "closes nothing"),
    Said(
        "insert", "", "LPAR", syntax.UNMATCHED, "this parenthesis has no opening partner", "closes nothing", "partner"
    ),
    Said("insert", "", "LSQB", syntax.UNMATCHED, "this bracket has no opening partner", "closes nothing", "partner"),
    Said("stop", "NEWLINE", "", syntax.UNCLOSED, "this bracket is never closed", "opened here", "partner"),
    Said("stop", "$END", "", syntax.UNCLOSED, "this bracket is never closed", "opened here", "partner"),
    Said(
        "delete",
        "COMMA",
        "",
        syntax.CALL_PARENTHESES,
        "arguments are separated by blanks, not by commas",
        "remove this comma",
    ),
    Said("replace", "COMMA", "PIPE", syntax.CALL_PARENTHESES, "layers are separated by `|`, not by commas"),
    Said("foreign", "", "", syntax.UNEXPECTED, "`{old}` is written `{new}`"),
    Said("misspelt", "", "", syntax.UNEXPECTED, "`{old}` is not a word of the language", "did you mean `{new}`?"),
    Said("replace", "NAME", "CALLNAME", syntax.UNEXPECTED, "remove the blank between `{old}` and its `(`"),
    Said("replace", "CALLNAME", "NAME", syntax.UNEXPECTED, "put a blank between `{old}` and its argument"),
    Said("replace", "INDEXED", "NAME", syntax.UNEXPECTED, "put a blank between `{old}` and its argument"),
    Said("replace", "", "", syntax.UNEXPECTED, "expected {wanted}, found `{old}`"),
)
"""What is said of each change that repairs a line; the first row that fits one counts."""

GROUPS: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    (
        "a layer or another statement",
        frozenset(("NAME", "REPEAT", "RESIDUAL", "FOR", "IF", "LET", "EXPECT")),
        frozenset(("STRING",)),
    ),
    (
        "a value",
        frozenset(("NUMBER", "SIZE", "STRING", "TRUE", "FALSE", "NAME")),
        frozenset(("MINUS", "NOT", "MATCH", "NEGATIVE", "CALLNAME", "INDEXED", "LPAR", "LSQB")),
    ),
    ("`network`, `block`, `train` or `use`", frozenset(("NETWORK", "BLOCK", "TRAIN", "USE")), frozenset()),
    ("an operator", ARITHMETIC | {"COMPARISON"}, frozenset()),
    ("the end of the statement", frozenset(("NEWLINE", "PIPE", "RBRACE")), frozenset(("ARROW", "SHORTCUT", "ELSE"))),
)
"""What is said for several terminals at once, the most telling group first, and what need not be named beside it."""

WORDS_TOO = frozenset(("BLOCK", "NETWORK", "TRAIN", "USE", "FROM", "WITH"))
"""Words that are names too, and need not be named beside one."""

SIMILAR = {
    "COLON": {"EQUAL": 9, "LBRACE": 10},
    "COMMA": {"NEWLINE": 12},
    "EQUAL": {"COLON": 9, "COMPARISON": 8},
    "COMPARISON": {"EQUAL": 6, "ARROW": 9},
    "MINUS": {"ARROW": 9},
    "ARROW": {"COLON": 10},
    "RSQB": {"RPAR": 10},
    "RPAR": {"RSQB": 10},
    "LSQB": {"LPAR": 9},
    "LPAR": {"LSQB": 9},
    "BAD_STRING": {"STRING": 12},
    "BAD_QUOTED": {"STRING": 4},
    "BAD_NUMBER": {"NUMBER": 20},
    "NAME": {"CALLNAME": 8},
    "CALLNAME": {"NAME": 8},
    "INDEXED": {"NAME": 8},
    UNCLOSED: {"LBRACE": 0},
    UNOPENED: {"RBRACE": 0},
}
"""Terminals that are taken for each other, with the text of ``TEXTS`` or else the same."""
