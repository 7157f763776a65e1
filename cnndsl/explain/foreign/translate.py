"""A call of another framework's layer, put into a line of ours."""

from __future__ import annotations

from ...attributes import Attribute, Boolean, Pair
from ...ops import OPERATORS
from ...record import Record
from .names import LEFT_OUT, activation_meant, attribute_meant
from .signatures import Signature

__all__ = ["Argument", "Translation", "translate"]


class Argument(Record):
    """An argument of a foreign call: its name, empty by place, and its value as text of ours.

    ``items`` are the elements of a tuple or list of numbers, ``text`` is empty for ``None``; ``quoted`` if it was a string;
    ``clear`` unless the value is something that no spec can say.
    """

    name: str
    text: str
    items: tuple[str, ...] = ()
    quoted: bool = False
    clear: bool = True


class Translation(Record):
    """The line in our words. ``clear`` if there is no other reading; ``notes`` say what was left out or is unclear.

    Where something must be given that was not, the line shows its place by ``...`` and is not ``whole``.
    """

    layers: tuple[str, ...]
    label: str = ""
    clear: bool = True
    notes: tuple[str, ...] = ()
    whole: bool = True


def translate(signature: Signature, arguments: tuple[Argument, ...]) -> Translation:
    """The layer, and the activation or other layer that follows it, for a call with this signature."""
    call = _Call(signature)
    call.take(arguments)
    return call.finish()


class _Call:
    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        self.operator = OPERATORS[signature.word]
        self.attributes = self.operator.attributes()
        self.values: dict[str, str] = {}
        self.after = [signature.then] if signature.then else []
        self.label = ""
        self.clear = True
        self.notes: dict[str, None] = {}

    def take(self, arguments: tuple[Argument, ...]) -> None:
        """Read the arguments by the signature; a lonely one of two is the one that cannot be left out."""
        parameters = list(self.signature.parameters)
        required = [name for name, info in self.attributes.items() if info.required]
        if len(arguments) == 1 and required and not arguments[0].name:
            parameters = [name for name in parameters if name not in self.signature.dropped]
        for place, argument in enumerate(arguments):
            if argument.name:
                self._named(argument.name, argument)
            elif place < len(parameters):
                self._named(parameters[place], argument)
            else:
                self._unclear(f"`{argument.text}` is one argument more than `{self.signature.word}` takes by position")

    def finish(self) -> Translation:
        missing = [name for name, info in self.attributes.items() if info.required and name not in self.values]
        if missing:
            self._unclear(f"{' and '.join(f'`{name}`' for name in missing)} must be given")
        for name, value in self.signature.defaults.items():
            self.values.setdefault(name, value)
        stride = self.attributes.get("stride")
        if (
            stride is not None
            and stride.default is None
            and self.values.get("stride") == self.values.get("kernel_size")
        ):
            self.values.pop("stride", None)  # a pooling steps by its window
        open_ = (f"{name}=..." for name in missing)
        first = " ".join((self.signature.word, *self._positional(), *self._by_name(), *open_))
        return Translation((first, *self.after), self.label, self.clear, tuple(self.notes), not missing)

    def _unclear(self, note: str) -> None:
        self.clear = False
        self.notes[note] = None

    def _named(self, name: str, argument: Argument) -> None:
        found = self.signature.renamed.get(name) or self.operator.find_attribute(name)
        if (found is None and name in self.signature.dropped) or (name in LEFT_OUT and name != "activation"):
            self._leave_out(name, argument)
        elif not argument.text:
            return  # None: as if it were not given
        elif name == "activation":
            self._activation(argument)
        elif name == "name" and found is None:
            self.label = argument.text
        else:
            self._set(name, found or attribute_meant(name, self.attributes), argument)

    def _leave_out(self, name: str, argument: Argument) -> None:
        if name == "data_format" and argument.text == "channels_last":
            self._note("channels come first here")
        elif name in LEFT_OUT and "known" in LEFT_OUT[name]:
            self._note(f"`{name}` is left out: it is known from the value before")

    def _note(self, text: str) -> None:
        self.notes[text] = None

    def _activation(self, argument: Argument) -> None:
        layer = activation_meant(argument.text, OPERATORS)
        if layer is None:
            self._unclear(f"no layer is called `{argument.text}`")
        elif layer:
            self.after.insert(0, layer)

    def _set(self, name: str, attribute: str | None, argument: Argument) -> None:
        if attribute not in self.attributes or attribute is None:
            self._without_counterpart(name, argument)
            return
        if not argument.clear:
            self._unclear(f"`{argument.text}` is nothing that a spec can say")
        value = self._value(attribute, argument)
        if value == "valid":
            return
        if attribute in self.values:
            self._unclear(f"`{attribute}` is given twice")
        self.values[attribute] = value

    def _without_counterpart(self, name: str, argument: Argument) -> None:
        """An argument that nothing here stands for; what is switched off need not be said."""
        if argument.text == "false" or (name, argument.text) in _HARMLESS:
            return
        self._unclear(f"nothing here is like `{name}`: it was left out")

    def _value(self, attribute: str, argument: Argument) -> str:
        info = self.attributes[attribute]
        if attribute == "axis":
            return self._axis(argument)
        if attribute == "momentum" and self.signature.framework == "keras":
            return self._keras_momentum(argument)
        if argument.items:
            return _extents(info, argument.items)
        if isinstance(info.type, Boolean) and argument.text in ("0", "1"):
            return "true" if argument.text == "1" else "false"
        return argument.text

    def _axis(self, argument: Argument) -> str:
        """The axis of the channels, from 0 without the batch: torch's 1, and Keras's last."""
        if argument.text == ("-1" if self.signature.framework == "keras" else "1"):
            return "0"
        self._unclear("axes are counted from 0 here, without the batch")
        return argument.text

    def _keras_momentum(self, argument: Argument) -> str:
        """Keras weighs the old statistics, torch and this language the new ones."""
        try:
            value = f"{1 - float(argument.text):.6g}"
        except ValueError:
            self._unclear("`momentum` weighs the new batch here: 1 minus that of Keras")
            return argument.text
        self._note("`momentum` weighs the new batch here: 1 minus that of Keras")
        return value

    def _positional(self) -> list[str]:
        """Those that stand by place, as long as none is missing between them."""
        texts = []
        for name in self.operator.positional:
            if name not in self.values:
                break
            value = self.values.pop(name)
            is_size = isinstance(self.attributes[name].type, Pair) and value.isdigit()
            texts.append(f"{value}x{value}" if is_size else value)
        return texts

    def _by_name(self) -> list[str]:
        return [
            f"{'pad' if name == 'padding' else name}={value}"
            for name, value in self.values.items()
            if not (name == "axis" and value == "0")
        ]


_HARMLESS = frozenset(
    (
        ("padding_mode", "zeros"),
        ("start_dim", "1"),
        ("end_dim", "-1"),
        ("axis", "-1"),
        ("keepdims", "true"),
        ("training", "true"),
        ("center", "true"),
        ("scale", "true"),
    )
)
"""Arguments that say what is always so here."""


def _extents(info: Attribute, items: tuple[str, ...]) -> str:
    """Height and width as the language writes them, one number if they are equal."""
    if len(set(items)) == 1:
        return items[0]
    return "x".join(items) if isinstance(info.type, Pair) else f"({', '.join(items)})"
