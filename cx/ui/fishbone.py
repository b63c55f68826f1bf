"""Causes drawn: the fishbone of Ishikawa, and the ladder of whys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cx.ui.palette import palette
from cx.ui.picture import Drawing, letters, wrapped

BONES = ("People", "Method", "Machine", "Material", "Measurement", "Environment")
OTHER = "Other"
LINE, BONE = 14, 232.0  # pixels a line of a cause takes, and how far it reaches from its bone


def sorted_causes(causes: Sequence[str]) -> dict[str, list[str]]:
    """Causes by bone: "Method: no checklist" goes to Method; what names no bone to Other. The six bones always stand.

    >>> sorted_causes(["method: no checklist", "rain"])["Method"], sorted_causes(["rain"])["Other"]
    (['no checklist'], ['rain'])
    """
    found: dict[str, list[str]] = {bone: [] for bone in BONES}
    names = {bone.casefold(): bone for bone in BONES}
    for cause in causes:
        head, colon, rest = cause.partition(":")
        name, said = (head.strip(), rest.strip()) if colon and rest.strip() else (OTHER, cause.strip())
        found.setdefault(names.get(name.casefold(), name), []).append(said)
    return found


def fishbone(effect: str, bones: Mapping[str, Sequence[str]], root: str = "") -> Drawing:
    """The effect as the head on the right, a bone a category above and below the spine, causes along the bones.

    A cause that is the root cause, word for word, stands out.
    """
    colours = palette()
    pairs = list(bones.items())
    columns = (len(pairs) + 1) // 2

    def real(cause: str) -> bool:
        return bool(root) and (cause.casefold() in root.casefold() or root.casefold() in cause.casefold())

    def said(cause: str) -> list[str]:
        return wrapped(("▸ " if real(cause) else "") + cause, letters(BONE - 24, 11.5, 600 if real(cause) else 400), 3)

    reach = max(64 + max((sum(5 + LINE * len(said(c)) for c in causes) for causes in bones.values()), default=0), 96)
    column = BONE + 70
    width, spine = column * columns + 270, reach + 34.0
    drawing = Drawing(width, 2 * spine)
    head = column * columns + 40
    drawing.line(16, spine, head, spine, colour=colours.text, width=2.4)
    drawing.tip(head + 4, spine, 1, 0, colour=colours.text, size=11)
    drawing.box(head + 6, spine - 44, 216, 88, fill=colours.raised, stroke=colours.text, radius=6)
    drawing.lines(head + 18, spine + 5 - 8 * (min(len(wrapped(effect, letters(196, 13, 600), 4)), 4) - 1), effect, chars=letters(196, 13, 600), most=4, size=13, weight=600)
    for i, (bone, causes) in enumerate(pairs):
        up = i % 2 == 0
        side = -1 if up else 1
        foot = column * (i // 2 + 1) + 10
        top = foot - reach * 0.55
        drawing.line(top, spine + side * reach, foot, spine, colour=colours.data if causes else colours.faint, width=1.8)
        drawing.text(top, spine + side * reach + (-7 if up else 16), bone, weight=650, anchor="middle", colour=colours.text if causes else colours.quiet)
        down = 14.0
        for cause in causes if up else reversed(causes):
            found = said(cause)
            down += 5 + LINE * len(found)
            at = down if up else down - LINE * len(found)  # a cause is underlined: above the spine it grows downwards, below it upwards
            y = spine + side * (reach - at)
            x = top + (foot - top) * at / reach
            left = max(x - BONE, 4)
            grave = real(cause)
            drawing.line(left, y, x, y, colour=colours.bad if grave else colours.quiet, width=1.6 if grave else 0.9)
            for k, line in enumerate(found):
                drawing.text(left, y - 4 - LINE * (len(found) - 1 - k), line, size=11.5, colour=colours.bad if grave else colours.text, weight=600 if grave else 400)
    return drawing


def ladder(problem: str, whys: Sequence[str], root: str = "") -> Drawing:
    """The problem, each why below the one before and a little further right, and the root cause at the end."""
    colours = palette()
    rungs = [("Problem", problem), *((f"Why {i}?", why) for i, why in enumerate(whys, 1))] + ([("Root cause", root)] if root else [])
    step, height = 26.0, 52.0
    drawing = Drawing(498 + step * len(rungs), height * len(rungs) + 14)
    for i, (name, words) in enumerate(rungs):
        x, y = 8 + step * i, 8 + height * i
        last = name == "Root cause"
        drawing.box(x, y, 480, height - 12, fill=colours.raised, stroke=colours.bad if last else colours.data if i == 0 else colours.faint, width=1.6 if last or i == 0 else 1)
        drawing.text(x + 10, y + 24, name, weight=650, colour=colours.bad if last else colours.quiet, size=11.5)
        chars = letters(376, 12)
        drawing.lines(x + 98, y + (17 if len(wrapped(words, chars)) > 1 else 24), words, chars=chars, most=2, size=12)
        if i:
            drawing.path(f"M {x - step + 12:.1f} {y - 12:.1f} V {y + 20:.1f} H {x - 2:.1f}", colour=colours.quiet)
            drawing.tip(x, y + 20, 1, 0, colour=colours.quiet)
    return drawing


def tree(roots: Sequence[int], names: Mapping[int, tuple[str, str, str]], children: Mapping[int, Sequence[int]]) -> Drawing:
    """A tree from left to right; each node has a name, a quiet second line, and a tone: good, bad or nothing."""
    colours = palette()
    rows: list[tuple[int, int, int | None]] = []

    def walk(node: int, depth: int, parent: int | None, seen: frozenset[int]) -> None:
        rows.append((node, depth, parent))
        for child in children.get(node, ()):
            if child not in seen:  # somebody may have tied a loop
                walk(child, depth + 1, node, seen | {child})

    for root in roots:
        walk(root, 0, None, frozenset({root}))
    deepest = max((depth for _, depth, _ in rows), default=0)
    place: dict[int, float] = {}
    line = 0
    drawn = {(node, parent) for node, _, parent in rows}
    for node, _, _ in rows:
        if not any((child, node) in drawn for child in children.get(node, ())):
            place[node] = line
            line += 1
    for node, _, _ in reversed(rows):
        mine = [place[c] for c in children.get(node, ()) if c in place]
        if node not in place and mine:
            place[node] = sum(mine) / len(mine)
    wide, gap = 310.0, 46.0
    chars = letters(wide - 18, 12, 600)
    deep = 15.0 * (max((len(wrapped(name, chars, 2)) for name, _, _ in names.values()), default=1) - 1)  # room for names on two lines
    high = 54.0 + deep
    drawing = Drawing((wide + gap) * (deepest + 1) + 10, high * max(line, 1) + 14)
    for node, depth, parent in rows:
        x, y = 6 + depth * (wide + gap), 8 + place.get(node, 0) * high
        name, note, tone = names[node]
        stroke = {"good": colours.good, "bad": colours.bad}.get(tone, colours.faint)
        if parent is not None:
            py = 8 + place.get(parent, 0) * high + 21 + deep / 2
            drawing.path(f"M {x - gap:.1f} {py:.1f} C {x - gap / 2:.1f} {py:.1f} {x - gap / 2:.1f} {y + 21 + deep / 2:.1f} {x:.1f} {y + 21 + deep / 2:.1f}", colour=colours.context)
        drawing.box(x, y, wide, 42 + deep, fill=colours.raised, stroke=stroke, width=1.8 if tone else 1)
        below = drawing.lines(x + 9, y + 17 + (deep / 2 if len(wrapped(name, chars, 2)) == 1 else 0), name, chars=chars, most=2, size=12, weight=600)
        drawing.lines(x + 9, below + 1, {"good": "✓ ", "bad": "✗ "}.get(tone, "") + note, chars=letters(wide - 18, 11), most=1, size=11, colour=stroke if tone else colours.quiet)
    return drawing
