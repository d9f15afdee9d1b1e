"""Captures of others, from Debian packages with a free licence

Real traffic, met by a network file that takes a role in it.
"""
from case import case
from frames import mac_of

ORIGIN = """Origin of the input: `{path}` of the Debian package `{package}` ({version}), unchanged; licence: BSD with three clauses,
its text is in [LICENSE](LICENSE). The rest was made for this project by `pcaps/make`; licence: MIT, that of the program."""


@case("A real capture: pings and names through a phone, dpkt's example")
def debian_dpkt_pings(c):
    """In 2013 a laptop pinged four hosts of the Internet by way of a phone, and asked it for names. Here tapir
    takes the place of the phone, by its MAC and address: what would another router have done with these frames? It
    forwards the echo requests to its own `wan`. It has no name server, so port 53 is closed (RFC 1122 4.1.3.1). The
    phone's own frames are in the capture too, since it was made on the laptop; they are for the laptop's MAC and so
    not for us."""
    laptop, phone = "192.168.43.9", "192.168.43.1"
    c.runs(f"""
# A phone that is a router: the laptop is on lan, the Internet behind wan.
node phone {{
    forwarding = on
    interface lan {{ address = {phone}/24  mac = 02:1a:11:f0:c8:3b }}
    interface wan {{ address = 198.51.100.2/24  mac = {mac_of("198.51.100.2")} }}
    neighbor {laptop} {{ interface = lan  mac = 60:33:4b:13:c5:58 }}
    neighbor 198.51.100.1 {{ interface = wan  mac = {mac_of("198.51.100.1")} }}
    route default {{ via = 198.51.100.1 }}
}}""")
    kinds = {"Q": ("the laptop asks for a name", "udp-port answer-sent"),
             "p": ("echo request of the laptop", "forwarded"),
             "o": ("sent by the phone itself", "ether-not-ours")}
    c.keeps("lan", ORIGIN.format(path="examples/data/dns_icmp.pcap", package="python3-dpkt", version="1.9.8-1"),
            [kinds[letter] for letter in "Qopopopo" "Qoppop" "Qopopopo" "QoQopopopo"])
    for ttl in 64, 64, 64, 64, 255:
        c.leaves("lan", None,
                 f"{phone} > {laptop}, TTL 64, TOS 0xc0: port unreachable about {laptop} > {phone}, protocol 17, TTL {ttl}, "
                 "port 53; quotes all (to 60:33:4b:13:c5:58)")
    for to, ident in ("8.8.8.8", 0xD73B), ("8.8.4.4", 0xDB3B), ("4.2.2.2", 0xDD3B), ("174.137.42.65", 0xE03B):
        for sequence in range(3):
            c.leaves("wan", None,
                     f"{laptop} > {to}, TTL 63: echo request, id {ident} sequence {sequence}, 56 octets (by way of 198.51.100.1)")


@case("A real capture: a web request, gopacket's test")
def debian_gopacket_http(c):
    """In 2017 a client asked a small device for a page: ten frames, from SYN to FIN. Here tapir takes the place of
    the device, and no port of it is open. The SYN gets a reset with an acknowledgment; each later segment of the
    client, which in the capture believes in a connection, gets a reset with the sequence number that it
    acknowledged (RFC 9293 3.10.7.1). The device's own frames are for the client's MAC and so not for us."""
    c.runs("""
# The device, without a web server.
node device {
    interface eth0 { address = 10.1.1.1/24  mac = c4:39:3a:02:a9:2a }
    neighbor 10.1.1.2 { interface = eth0  mac = 58:6d:8f:99:ec:a8 }
}""")
    client = {1: "SYN of the client", 3: "ACK of the client", 4: "GET of the client", 7: "ACK of the client",
              9: "FIN of the client"}
    c.keeps("eth0",
            ORIGIN.format(path="pcap/test_ethernet.pcap", package="golang-github-google-gopacket-dev",
                          version="1.1.19-3"),
            [(client[i], "tcp-closed answer-sent") if i in client else ("sent by the device itself",
                                                                        "ether-not-ours") for i in range(1, 11)])
    for answer in ("RST ACK, sequence 0, acknowledges 2471086129", "RST, sequence 4188542939, acknowledges 0",
                   "RST, sequence 4188542939, acknowledges 0", "RST, sequence 4188542962, acknowledges 0",
                   "RST, sequence 4188543318, acknowledges 0"):
        c.leaves("eth0", None, f"10.1.1.1 > 10.1.1.2, TTL 64, DF: TCP port 80 > 44644 {answer} (to 58:6d:8f:99:ec:a8)")
