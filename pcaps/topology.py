"""The networks that most cases share, as network files.

    10.77.1.10 --- lan [r1] wan --- 10.77.2.7            10.77.1.10 (asker) ---+
                                \\-- 10.77.2.254 --- 10.77.9.0/24                +--- eth0 [h1]
                                                        10.77.1.1 (router) ----+
"""

ASKER = "10.77.1.10"     # the host that sends most frames
ROUTER = "10.77.1.1"     # r1 on the side of the asker, and the default router of h1
BEYOND = "10.77.2.1"     # r1 on the other side
SERVER = "10.77.2.7"     # a host there
GATEWAY = "10.77.2.254"  # a router there
FAR = "10.77.9.9"        # a host behind that one
HOST = "10.77.1.2"       # h1


def indented(text):
    return "".join(f"    {line}\n" for line in text.strip("\n").split("\n")) if text else ""


def router(more="", lan="", wan=""):
    """r1; `more` stands at its end, `lan` and `wan` in the interfaces."""
    return f"""
# A router between two networks. It need not ask for the three stations that it speaks with: neighbor names their MACs.
node r1 {{
    forwarding = on
    interface lan {{ address = 10.77.1.1/24  mac = 02:00:0a:4d:01:01{'  ' if lan else ''}{lan} }}
    interface wan {{ address = 10.77.2.1/24  mac = 02:00:0a:4d:02:01{'  ' if wan else ''}{wan} }}
    neighbor 10.77.1.10  {{ interface = lan  mac = 02:00:0a:4d:01:0a }}
    neighbor 10.77.2.7   {{ interface = wan  mac = 02:00:0a:4d:02:07 }}
    neighbor 10.77.2.254 {{ interface = wan  mac = 02:00:0a:4d:02:fe }}
    route 10.77.9.0/24 {{ via = 10.77.2.254 }}
{indented(more)}}}
"""


def host(more="", eth0=""):
    """h1, a host with a default router."""
    return f"""
# A host. It need not ask for the two stations that it speaks with: neighbor names their MACs.
node h1 {{
    interface eth0 {{ address = 10.77.1.2/24  mac = 02:00:0a:4d:01:02{'  ' if eth0 else ''}{eth0} }}
    neighbor 10.77.1.1  {{ interface = eth0  mac = 02:00:0a:4d:01:01 }}
    neighbor 10.77.1.10 {{ interface = eth0  mac = 02:00:0a:4d:01:0a }}
    route default {{ via = 10.77.1.1 }}
{indented(more)}}}
"""
