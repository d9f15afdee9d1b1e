"""Medians, ratios, the table, the JSON file and the chart of tests/bench/run. Next: README.md"""
import json
from statistics import median
from xml.sax.saxutils import escape


def values_of(row, results, name):
    return [value / row.scale for value in results.get((row.name, name), []) if value is not None]


def summary(row, results, name):
    """Median, least and most of one contestant, or None."""
    values = values_of(row, results, name)
    return (median(values), min(values), max(values)) if values else None


def remark(row, results, name):
    """What held in most of its rounds."""
    said = row.remarks.get(name, [])
    return said[-1] if 2 * len(said) > len(values_of(row, results, name)) else ""


def best(row, results, names):
    """The one with the best median of several."""
    there = [name for name in names if summary(row, results, name)]
    return (min if row.less else max)(there, key=lambda name: summary(row, results, name)[0], default=None)


def ratio(row, results, name, other):
    """Median of the ratios of each round: what slows the whole machine for a while drops out."""
    pairs = zip(results.get((row.name, name), []), results.get((row.name, other), []))
    ratios = [x / y for x, y in pairs if x is not None and y]
    return median(ratios) if ratios else None


def judged(row, results):
    """For each goal of the row: the other one, the bound, the ratio and whether it is reached."""
    for goal in row.goals:
        other = best(row, results, goal.others)
        value = ratio(row, results, row.tapir, other) if other else None
        if value is not None:
            yield other, goal.bound, value, value <= goal.bound if row.less else value >= goal.bound


def print_row(row, results, damaged):
    print(f"\n{row.title} ({row.name}), {row.unit}")
    for name in row.contestants:
        found = summary(row, results, name)
        if (row.name, name) in damaged:
            print(f"  {name:16} not measured: {damaged[row.name, name]}")
        elif found:
            print(f"  {name:16} {found[0]:8.3f}   {found[1]:8.3f} .. {found[2]:<8.3f} {remark(row, results, name)}".rstrip())
    for other, bound, value, reached in judged(row, results):
        print(f"  {row.tapir} / {other} = {value:.2f}, goal at {'most' if row.less else 'least'} {bound}: "
              f"{'ok' if reached else 'short'}", flush=True)


def write_json(path, rows, results, damaged, about):
    out = dict(about, rows=[])
    for row in rows:
        found = {name: values_of(row, results, name) for name in row.contestants}
        out["rows"].append({
            "name": row.name, "title": row.title, "unit": row.unit, "less_is_better": row.less,
            "values": {name: values for name, values in found.items() if values},
            "median": {name: median(values) for name, values in found.items() if values},
            "remarks": {name: remark(row, results, name) for name in row.remarks if remark(row, results, name)},
            "damaged": {name: why for (where, name), why in damaged.items() if where == row.name},
            "goals": [{"tapir": row.tapir, "other": other, "goal": bound, "ratio": round(value, 4), "reached": reached}
                      for other, bound, value, reached in judged(row, results)]})
    with open(path, "w", encoding="utf-8") as file:
        json.dump(out, file, indent=1, ensure_ascii=False)
        file.write("\n")


BAR, GAP, WIDTH, LEFT, RIGHT = 18, 34, 760, 150, 120
STYLE = ("<style>text{font:13px sans-serif;fill:#222}.t{font-weight:bold}.o{fill:#b9c4d0}.k{fill:#93a1b1}.m{fill:#d9772b}"
         ".s{stroke:#222;stroke-width:1.2}</style>")


def bar(row, name, found, most, y):
    """A bar to the median, a line from least to most."""
    def at(value):
        return LEFT + value / most * (WIDTH - LEFT - RIGHT)
    kind = "m" if name.startswith("tapir") else "k" if name.startswith("kernel") else "o"
    middle = y + BAR / 2 - 1
    return (f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>'
            f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{at(found[0]) - LEFT:.1f}" height="{BAR - 3}"/>'
            f'<line class="s" x1="{at(found[1]):.1f}" x2="{at(found[2]):.1f}" y1="{middle}" y2="{middle}"/>'
            f'<text x="{at(max(found)) + 8:.1f}" y="{y + 13}">{found[0]:.3g} {row.unit}</text>\n')


def write_plot(path, rows, results, about):
    body, y = [], 56
    for row in rows:
        found = {name: summary(row, results, name) for name in row.contestants}
        found = {name: value for name, value in found.items() if value}
        if not found:
            continue
        note = " (less is better)" if row.less else ""
        body.append(f'<text class="t" x="12" y="{y}">{escape(row.title + note)}</text>\n')
        y += 8
        most = max(value[2] for value in found.values())
        for name, value in found.items():
            body.append(bar(row, name, value, most, y))
            y += BAR
        y += GAP
    head = f"Medians of {about['rounds']} rounds, least to most; a system call takes {about['system_call_ns']:.0f} ns here"
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}">\n{STYLE}\n'
                   f'<rect width="100%" height="100%" fill="#fff"/>\n<text x="12" y="24">{escape(head)}</text>\n'
                   + "".join(body) + "</svg>\n")
