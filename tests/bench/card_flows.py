# SPDX-License-Identifier: EUPL-1.2
"""What the norms ask a terminal to send, flow by flow: how many commands, and how many bytes. Arithmetic only; card_bench.py
measures the driver against it. Norms: BSI TR-03110-2 2.4 and 3, TR-03110-3 B (commands) and F (secure messaging), ISO/IEC 7816-4 5.

A command is written as its length; a flow is a list of them. Sizes are those of a brainpoolP256r1 card and terminal.
"""
POINT, COORDINATE, SIGNATURE = 65, 32, 64
OID = 10          # of a protocol: 0.4.0.127.0.7.2.2.x.2.y
TOKEN = 8
MAC = 10          # 8E 08 and eight bytes
LONG = "long"     # an Le of more than 256: the whole command is in extended form


def tlv(size, tag=1):
    return tag + (1 if size < 0x80 else 2 if size < 0x100 else 3) + size


def plain(data=0, le=None):
    """Header of 4; Lc of 1 (extended: 3); Le of 1 (extended: 2, or 3 without data)."""
    extended = data > 255 or le == LONG
    lc = (3 if extended else 1) if data else 0
    end = 0 if le is None else 1 if not extended else 2 if data else 3
    return 4 + lc + data + end


def secured(data=0, le=None):
    """87 { 01, data padded to 16 } if there is data, 97 { Le } if there is one, the checksum; Le of its own always."""
    cryptogram = tlv(1 + (data // 16 + 1) * 16) if data else 0
    expected = 0 if le is None else tlv(2 if le == LONG else 1)
    body = cryptogram + expected + MAC
    return plain(body, LONG if le == LONG or body > 255 else 0)


# Which key a password or protocol is: 80 { OID }, then 83 or 84 { one byte }.
SELECT_PASSWORD = tlv(OID) + tlv(1)
SELECT_KEY = tlv(OID) + tlv(1)
CHAT = tlv(tlv(9) + tlv(5), tag=2)  # 7F4C { 06 id-AT, 53 rights }


def pace(form, chat=0):
    """MSE:Set AT; then nonce, two pairs of points, tokens."""
    return [form(SELECT_PASSWORD + chat), *agree(form)]


def agree(form):
    points = form(tlv(tlv(POINT)), 0)
    return [form(tlv(0), 0), points, points, form(tlv(tlv(TOKEN)), 0)]


READ_PLAIN, READ_PLAIN_SHORT = plain(le=LONG), plain(le=0)
READ = secured(le=LONG)
# EF.ATR/INFO says whether a file fits into one answer: one command in place of ceil(size / 223) for each file.
BUFFERS = [plain(le=0)]
CARD_ACCESS = [READ_PLAIN_SHORT]  # of at most 256 bytes: where nothing else is read, a short Le does


class Sizes:
    """Of what this terminal owns: certificates as the card gets them, names in them, the sector's public key."""

    def __init__(self, certificates, issuers, holder, sector):
        self.certificates, self.issuers, self.holder, self.sector = certificates, issuers, holder, sector


def restricted_id(sizes):
    return [secured(SELECT_KEY), secured(tlv(tlv(sizes.sector)), 0)]


def read_card(sizes, groups, chat_pace, lookups):
    """General authentication: PACE, terminal, passive, chip; then application, restricted identification, data groups."""
    terminal = [step for issuer, certificate in zip(sizes.issuers, sizes.certificates)
                for step in (secured(tlv(issuer)), secured(certificate))]
    terminal += [secured(tlv(OID) + tlv(sizes.holder) + tlv(COORDINATE)), secured(le=0), secured(SIGNATURE)]
    chip = [secured(SELECT_KEY), secured(tlv(tlv(POINT)), 0)]
    return (BUFFERS + [READ_PLAIN] + chat_pace + terminal + [READ] + chip + [secured(9)]
            + restricted_id(sizes) * lookups + [READ] * groups)


def flows(sizes, groups):
    """Name -> lengths of the commands that the flow cannot do without."""
    resumed = pace(plain) + [secured(SELECT_PASSWORD), *agree(secured)]
    with_chat = pace(plain, CHAT)
    # Suspended: the first MSE:Set AT says so, then the CAN's channel, and the PIN inside of it.
    suspended = [plain(SELECT_PASSWORD + CHAT), *pace(plain), secured(SELECT_PASSWORD + CHAT), *agree(secured)]
    new_pin = [secured(6)]
    return {
        "read with PIN": read_card(sizes, groups, with_chat, 1),
        "read, block list": read_card(sizes, groups, with_chat, 2),
        "read, suspended: CAN + PIN": read_card(sizes, groups, suspended, 1),
        "read on site: CAN": read_card(sizes, groups, with_chat, 1),
        "PIN status": CARD_ACCESS + [plain(SELECT_PASSWORD)],
        "change PIN": CARD_ACCESS + pace(plain) + new_pin,
        "change transport PIN": CARD_ACCESS + pace(plain) + new_pin,
        "resume: CAN, PIN": CARD_ACCESS + [plain(SELECT_PASSWORD)] + resumed,
        # A PUK can be used ten times in a card's life: the state is asked for before one is spent (eid.md, rule 7).
        "unblock: PUK": CARD_ACCESS + [plain(SELECT_PASSWORD)] + pace(plain) + [secured()],
    }
