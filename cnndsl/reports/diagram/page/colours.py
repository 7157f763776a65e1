"""The colours of a page as variables of its style sheet: those of the palette, light and dark."""

from __future__ import annotations

from ..palette import THEMES, Theme

__all__ = ["color_rules"]

_PAGE = {
    "light": {
        "surface": "#ffffff", "rule": "#dcdcdc", "rule-strong": "#8a8a8a", "faint-ink": "#6b6b6b", "accent": "#005fb8",
        "mark": "#cfe4fa", "mark-pale": "#eaf3fc", "hover": "#f1f1f1", "found": "#b35900",
    },
    "dark": {
        "surface": "#1a1a1c", "rule": "#3a3a3d", "rule-strong": "#7d7d7d", "faint-ink": "#9b9b9b", "accent": "#6cb4ff",
        "mark": "#1d4166", "mark-pale": "#182a3c", "hover": "#2a2a2d", "found": "#ffb454",
    },
}  # fmt: skip
"""What a page needs beyond the colours of a picture."""


def color_rules() -> str:
    """The rules: variables in both themes, and what is painted with them. Paper is always printed light."""
    light, dark = _variables("light"), _variables("dark")
    return "\n".join(
        [
            f":root {{ {light} }}",
            f'@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {dark} }} }}',
            f'@media screen {{ :root[data-theme="dark"] {{ {dark} }} }}',
            *_painted(THEMES["light"]),
            *_recolored(),
            "",
        ]
    )


def _variables(name: str) -> str:
    theme = THEMES[name]
    colors = {"paper": theme.paper, "ink": theme.ink, "pale-ink": theme.pale_ink, "frame": theme.frame}
    colors |= {"frame-fill": theme.frame_fill, **_PAGE[name]}
    for kind, paint in theme.kinds.items():
        colors |= {f"{kind}-fill": paint.fill, f"{kind}-border": paint.border}
    colors |= {f"heat{step}": fill for step, fill in enumerate(theme.heat)}
    return " ".join(f"--{variable}: {color};" for variable, color in colors.items())


def _painted(theme: Theme) -> list[str]:
    rules = []
    for kind in theme.kinds:
        rules.append(f".{kind} .body, .strip.{kind} {{ fill: var(--{kind}-fill); stroke: var(--{kind}-border); }}")
        rules.append(f".legend .{kind} {{ background: var(--{kind}-fill); border-color: var(--{kind}-border); }}")
    for step in range(len(theme.heat)):
        rules.append(f".node .heat{step} {{ fill: var(--heat{step}); stroke: var(--frame); }}")
        rules.append(f".legend .heat{step} {{ background: var(--heat{step}); border-color: var(--frame); }}")
    return rules


def _recolored() -> list[str]:
    """The static picture has the colours of the light theme in it; each becomes its variable."""
    theme = THEMES["light"]
    rules = [
        "#printed .graph > polygon { fill: var(--paper); }",
        "#printed .cluster > path { fill: var(--frame-fill); stroke: var(--frame); }",
        "#printed .edge > path { stroke: var(--ink); }",
        "#printed .edge > polygon { fill: var(--ink); stroke: var(--ink); }",
    ]
    for kind, paint in theme.kinds.items():
        place = f".{kind}" if paint.fill == theme.paper else ".node"  # in a box are strips of other kinds
        rules.append(f'#printed {place} [fill="{paint.fill}"] {{ fill: var(--{kind}-fill); }}')
        rules.append(f'#printed {place} [stroke="{paint.border}"] {{ stroke: var(--{kind}-border); }}')
    return rules
