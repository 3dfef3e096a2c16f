// SPDX-License-Identifier: EUPL-1.2
// What `freigabectl card --help` and `freigabectl card <what> --help` say. Text only, apart from
// the commands so that either can be read in one piece.
#pragma once

#include <array>
#include <string_view>

namespace ctl {

struct CardHelp {
    std::string_view what;
    const char* text;
};

inline constexpr const char* card_help_start =
    "usage: freigabectl card <what> [--reader NAME] [--wait SECONDS] [--json] [options]\n"
    "\n"
    "  read        read data groups and the pseudonym\n"
    "  pin-status  state of the PIN; costs no try\n"
    "  change-pin  set a new PIN (also in place of the five-digit transport PIN)\n"
    "  resume      give a suspended PIN its three tries back, with CAN and PIN\n"
    "  unblock     unblock a PIN with the PUK\n"
    "\n"
    "  --reader NAME    the reader, or a part of its name that fits one reader only;\n"
    "                   default: the one with a card in it, else the first\n"
    "  --wait SECONDS   wait so long for a card; default: 2, what a reader needs to see it\n"
    "  --json           one JSON object on standard output, also for errors\n"
    "\n"
    "Secrets come on standard input, one per line, never as arguments. Nothing is ever tried "
    "twice.\n"
    "Exit status: 0 done, 1 failed (errc and, if there is one, status word are printed), 2 wrong "
    "use.\n"
    "`freigabectl card <what> --help` says more.\n";

inline constexpr std::array<CardHelp, 5> card_help = {{
    {"read",
     "usage: freigabectl card read --pin-stdin|--can-stdin|--pin-pad --at-cert FILE... --at-key "
     "FILE "
     "[options]\n"
     "\n"
     "  --pin-stdin          standard input: the PIN\n"
     "  --can-stdin          standard input: the CAN (on-site reading: you have compared the "
     "photo)\n"
     "                       both: two lines in the order of the two options; the CAN opens the\n"
     "                       way for a suspended PIN\n"
     "  --pin-pad            the PIN is typed at the reader, which needs a pad with PACE "
     "(freigabectl\n"
     "                       doctor tells); nothing is read from standard input\n"
     "  --can-pad            with --pin-pad: if the PIN is suspended, the reader asks for the CAN "
     "first\n"
     "  --at-description FILE\n"
     "                       with --pin-pad: the certificate description that the reader shows, "
     "DER\n"
     "  --at-cert FILE...    the terminal's certificate and those of its authorities: CV\n"
     "                       certificates, binary or PEM, any order, several in a file, "
     "repeatable\n"
     "  --at-key FILE        its key: PKCS#8 or SEC 1, DER or PEM\n"
     "  --cvca-dir DIR       more certificates of authorities; other files are passed over\n"
     "  --sector FILE        the sector's public key (7F49, or SubjectPublicKeyInfo as DER or "
     "PEM):\n"
     "                       gives the pseudonym\n"
     "  --block-list-id      also the identifier that block lists hold\n"
     "  --pin-activity X     activate or deactivate: an authority switches the PIN on or off, "
     "last\n"
     "                       of all; needs a certificate with the right of PIN management\n"
     "  --block-list FILE    refuse a card that was reported lost (freigabectl blocklist), before\n"
     "                       any data group is read; with it:\n"
     "  --revocation-sector FILE\n"
     "                       public key of the sector the list was made for, as for --sector\n"
     "  --dg 1,4,5,8         data groups; what certificate or card refuse is reported per group\n"
     "  --aux LIST           age=18, validity, community=HEX, separated by commas\n"
     "  --csca FILE...       certificates of issuing countries, X.509 as DER or PEM; without any,\n"
     "                       the signer of the card's own file is not followed, and the result\n"
     "                       says so\n"
     "  --today YYYYMMDD     the day for all checks of dates; default: by this machine's clock\n"
     "\n"
     "  printf '123456\\n' | freigabectl card read --reader \"Virtual PCD 00 00\" --pin-stdin \\\n"
     "      --at-cert terminal.cvcert dv.cvcert --at-key terminal.key --cvca-dir cvca \\\n"
     "      --sector sector.pub --dg 1,4,5,8 --aux age=18,validity --json\n"},
    {"pin-status",
     "usage: freigabectl card pin-status [--reader NAME] [--json]\n"
     "\n"
     "Prints three_tries, two_tries, suspended (one try left: the CAN is needed), blocked (the "
     "PUK\n"
     "is needed) or deactivated. Costs no try.\n"},
    {"change-pin",
     "usage: freigabectl card change-pin [--can-stdin|--pin-pad] [--reader NAME] [--json]\n"
     "\n"
     "Standard input: the old PIN (five digits: the transport PIN), the new PIN (six digits) and,\n"
     "if the PIN is suspended, the CAN. --can-stdin insists on the third line. --pin-pad: all are\n"
     "typed at the reader, and nothing is read from standard input.\n"
     "\n"
     "  printf '12345\\n654321\\n' | freigabectl card change-pin\n"},
    {"resume",
     "usage: freigabectl card resume [--pin-pad] [--reader NAME] [--json]\n"
     "\n"
     "Standard input: the CAN, then the PIN; with --pin-stdin --can-stdin in this order, the PIN\n"
     "first. A right PIN sets the counter back to three; a wrong one blocks it. --pin-pad: both "
     "are\n"
     "typed at the reader, and nothing is read from standard input.\n"
     "\n"
     "  printf '500540\\n123456\\n' | freigabectl card resume\n"},
    {"unblock",
     "usage: freigabectl card unblock [--new-pin-stdin] [--reader NAME] [--json]\n"
     "\n"
     "Standard input: the PUK and, if a new PIN is wanted, that as second line; --new-pin-stdin\n"
     "insists on it. Refused while tries remain: a PUK can be used ten times in a card's life.\n"
     "\n"
     "  printf '9876543210\\n' | freigabectl card unblock\n"},
}};

}  // namespace ctl
