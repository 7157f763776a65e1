"""Lints of the comments that allow warnings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...diagnostics import Diagnostic, Edit, Fix, Label
from ...diagnostics.catalogue import all_errors
from ...diagnostics.suggest import nearest
from .allow import Allowance
from .lint import CommentLint, Comments

__all__ = ["AllowUnknown", "AllowUnused", "AllowWithoutReason"]


class AllowWithoutReason(CommentLint):
    """A comment allows a warning and gives no reason.

    A comment allows a warning, and whoever reads it next cannot know why. Write the reason after a colon.
    The warning is silent all the same.

    This gives the warning:

    ```cnn failing
    network Example {
        input 3x32x32
        conv 8 3x3 stride=2 | relu  # allow W0502
    }
    ```

    This does not:

    ```cnn
    network Example {
        input 3x32x32
        conv 8 3x3 stride=2 | relu  # allow W0502: as in the paper
    }
    ```

    Write several codes with commas between them: `# allow W0502, W0509: as in the paper`.
    """

    code = "W0513"

    def find(self, comments: Comments) -> Iterator[Diagnostic]:
        for comment in dict.fromkeys(item.comment for item in comments.allowances.items if not item.reason):
            help_ = f"write why after a colon: `{comment.text.partition(':')[0].rstrip()}: as in the paper`"
            yield Diagnostic(self.kind, "this comment does not say why", Label(comment), help=(help_,))


class AllowUnknown(CommentLint):
    """A comment allows what is not a warning, or cannot be allowed.

    A comment allows something that is not a warning: there is none of this code, or it is an error. Errors
    cannot be allowed, and neither can warnings about such comments.

    This gives the warning:

    ```cnn failing
    network Example {
        input 3x32x32
        conv 8 3x3 pad=1 | relu  # allow W0599: as in the paper
    }
    ```

    This does not:

    ```cnn
    network Example {
        input 3x32x32
        conv 8 3x3 pad=1 | relu
    }
    ```

    `cnndsl explain --list` names all codes; `docs/reference/diagnostics.md` does so as well.
    """

    code = "W0514"

    def find(self, comments: Comments) -> Iterator[Diagnostic]:
        for item in comments.allowances.items:
            if item.code in comments.codes:
                continue
            if item.code in comments.lints:
                yield self._refused(item, "what is wrong with such a comment")
            elif item.code in all_errors():
                yield self._refused(item, "an error")
            else:
                yield self._unknown(item, comments.codes)

    def _refused(self, item: Allowance, what: str) -> Diagnostic:
        help_ = f"`cnndsl explain {item.code}` says how to fix it"
        return Diagnostic(self.kind, f"{what} cannot be allowed", Label(item.span), help=(help_,))

    def _unknown(self, item: Allowance, codes: Iterable[str]) -> Diagnostic:
        meant = nearest(item.code, codes)
        help_ = f"did you mean `{meant}`?" if meant else "`cnndsl explain --list` names them"
        fixes = (Fix(f"write `{meant}`", (Edit(item.span, meant),)),) if meant else ()
        message = f"no warning is called {item.code}"
        return Diagnostic(self.kind, message, Label(item.span), help=(help_,), fixes=fixes)


class AllowUnused(CommentLint):
    """A comment allows a warning that does not occur.

    A comment allows a warning that its line does not cause. Perhaps the line was fixed since, or the
    comment is on another line than the warning: it must be at the end of the line that the warning points
    to, or alone on the line above. cnndsl looks for the warning at the defaults of the network and at all settings that
    an `expect` names.

    This gives the warning:

    ```cnn failing
    network Example {
        input 3x32x32
        conv 8 3x3 stride=2 pad=1 | relu  # allow W0502: as in the paper
    }
    ```

    This does not:

    ```cnn
    network Example {
        input 3x32x32
        conv 8 3x3 stride=2 pad=1 | relu
    }
    ```

    Remove the comment, or move it.
    """

    code = "W0515"

    def find(self, comments: Comments) -> Iterator[Diagnostic]:
        if comments.unseen is None:
            return
        for item in comments.allowances.items:
            if item.code not in comments.codes or item.used:
                continue
            if item.lines and comments.unseen.issuperset(item.lines):
                continue
            line = f"line {item.lines[0]} does not cause {item.code}" if item.lines else "no line follows it"
            where = f"this comment matches no warning: {line}"
            help_ = "remove it, or move it to the line that a warning points to, or right above"
            yield Diagnostic(self.kind, where, Label(item.span, "allows nothing"), help=(help_,))
