"""The README of a case, with a table of what goes in and one of what comes out, and the list of all cases."""
import os
import re
import shlex

from case import read_capture
from tell import tell

BEGIN, END = "<!-- made by pcaps/make -->", "<!-- end -->"
CHECKED = "`tapir test` compares every octet of what comes out, and every verdict. By hand:"


def span(numbers):
    return f"{numbers[0]}" if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"


def grouped(rows):
    """Rows (number, second, text...) of which those with the same text that follow each other become one."""
    groups = []
    for number, second, *texts in rows:
        if groups and groups[-1][2] == texts:
            groups[-1][0].append(number)
        else:
            groups.append(([number], second, texts))
    return [f"| {span(numbers)} | {second:.9g} | " + " | ".join(texts) + " |" for numbers, second, texts in groups]


def shortened(rows):
    """Of a long table the beginning."""
    return rows if len(rows) <= 48 else rows[:8] + [f"| ... | | {len(rows) - 8} more of the kind |"]


def going_in(case):
    lines = []
    for iface in sorted(case.in_frames):
        rows = [(frame["number"], frame["at"], frame["what"],
                 ", ".join(f"`{word}`" for word in frame["verdict"].split()))
                for frame in case.in_frames[iface]]
        lines += ["", f"| in at `{iface}` | second | what it is | verdict |", "|---|---|---|---|"] + grouped(rows)
    return lines


def coming_out(case, folder):
    lines = []
    for iface in sorted(case.interfaces):
        path = os.path.join(folder, f"out-{iface}.pcap")
        frames = read_capture(path, case.start) if os.path.exists(path) else []
        if not frames:
            lines += ["", f"Nothing leaves by `{iface}`."]
            continue
        rows = [(i + 1, second, tell(octets).replace("|", "/")) for i, (second, octets) in enumerate(frames)]
        lines += ["", f"| out at `{iface}` | second | what it is |", "|---|---|---|"] + shortened(grouped(rows))
    return lines


def quoted(line):
    """An option for a shell."""
    name, value = line.split(" ", 1)
    return f"{name} {shlex.quote(value)}"


def command(case):
    parts = [f"tapir replay network.conf --node {case.node}"]
    parts += [f"--in {iface}=in-{iface}.pcap" for iface in sorted(case.in_frames)]
    parts += [quoted(line) for line in case.options]
    parts += [f"--out {iface}=/tmp/{iface}.pcap" for iface in sorted(case.interfaces)] + ["--verdicts -"]
    lines = [parts[0]]
    for part in parts[1:]:
        if len(lines[-1]) + len(part) > 100:
            lines[-1] += " \\"
            lines.append("    " + part)
        else:
            lines[-1] += " " + part
    return ["    " + line for line in lines]


def readme(case, folder):
    lines = [f"# {case.title}", "", case.story] + going_in(case) + coming_out(case, folder) + ["", case.origin,
                                                                                               CHECKED,
                                                                                               ""] + command(case)
    return "\n".join(lines) + "\n"


def index(readme_text, cases, groups):
    """README.md with a new table of the cases, those of one module under one headline."""
    head, tail = readme_text.split(BEGIN)[0], readme_text.split(END)[1]
    lines = []
    for headline, names in groups:
        lines += ["", f"## {headline}", "", "| case | what it shows | from |", "|---|---|---|"]
        for case in cases:
            if case.name in names:
                lines.append(f"| [{case.name}]({case.name}/README.md) | {case.title} | {', '.join(sources(case))} |")
    return head + BEGIN + "\n".join(lines) + "\n\n" + END + tail


def sources(case):
    """The RFCs that its story names, the first three."""
    return sorted(set(re.findall(r"RFC \d+", " ".join(case.story.split()))), key=case.story.replace("\n", " ").find)[:3]
