// SPDX-License-Identifier: EUPL-1.2
// Doctor's look at the machine: fonts byte by byte, locales text by text, card service, readers and
// what lies in them.
#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <string>
#include <utility>

#include "drivers/base/encoding.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/eid/pin_management.hpp"
#include "drivers/pcsc/connection.hpp"
#include "drivers/pcsc/context.hpp"
#include "kiosk/ctl/doctor.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/i18n/locales.hpp"

namespace ctl {
namespace {

namespace fs = std::filesystem;

struct Font {
    std::string_view sha256;
    std::string_view name;
};
// Made from assets/fonts.list by the build.
constexpr Font fonts[] = {
#include "font_table.inc"
};

void look_at_fonts(Findings& out, const fs::path& folder) {
    for (const Font& font : fonts) {
        const std::string name(font.name);
        const auto content = read_file((folder / name).string(), 8U << 20U);
        if (!content) {
            out.bad("font", "font " + name + ": " + text_of(content.error()),
                    "apt-get install fonts-noto-core, or give --fonts DIR");
        } else if (base::to_hex(crypto::sha256(*content)) != font.sha256) {
            out.bad("font", "font " + name + " is another version",
                    "install fonts-noto-core of Debian 12 or 13: screens are pinned to it");
        } else {
            out.ok("font", "font " + name);
        }
    }
}

void look_at_locales(Findings& out, const fs::path& folder) {
    std::vector<std::string> tags;
    if (const auto paths = list_folder(folder.string())) {
        for (const fs::path path : *paths) {
            if (path.extension() == ".mo") tags.push_back(path.stem().string());
        }
    }
    const auto locales = i18n::Locales::load(folder, tags);
    if (!locales || std::ranges::find(tags, i18n::Locales::master) == tags.end()) {
        out.bad("locale",
                "locales in " + folder.string() + ": " +
                    (locales ? "no German" : text_of(locales.error())),
                "build the target assets_locales, or give --locales DIR");
        return;
    }
    const auto wanted = locales->ids(i18n::Locales::master);
    for (const std::string& tag : tags) {
        const auto missing = std::ranges::count_if(
            wanted, [&](const std::string& id) { return !locales->has(tag, id); });
        const std::string what = "locale " + tag + ": " +
                                 std::to_string(std::ssize(wanted) - missing) + " of " +
                                 std::to_string(wanted.size()) + " texts";
        // A variant says only what differs, and the rest is said in German.
        if (missing > 0 && tag.find("-x-") == std::string::npos) {
            out.bad("locale", what, "complete assets/locales/" + tag + ".po");
        } else {
            out.ok("locale", what + (locales->approved(tag) ? "" : ", not approved by a person"));
        }
    }
}

void look_at_virtual_reader(Findings& out, bool live) {
    const bool there = fs::exists("/etc/reader.conf.d/vpcd");
    if (there && live) {
        out.bad("vpcd", "virtual reader: installed on a live terminal",
                "apt-get purge vsmartcard-vpcd: whoever reaches its port can pretend a card");
    } else if (there) {
        out.ok("vpcd", "virtual reader: installed, for demo and tests");
    } else if (live) {
        out.ok("vpcd", "virtual reader: not installed, as it should be");
    } else {
        out.warn("vpcd", "virtual reader: not installed",
                 "for demo and tests: apt-get install vsmartcard-vpcd");
    }
}

const char* word(eid::PinState state) {
    switch (state) {
        case eid::PinState::blocked:
            return "PIN blocked";
        case eid::PinState::suspended:
            return "PIN suspended, needs the CAN";
        case eid::PinState::two_tries:
            return "two tries left";
        case eid::PinState::three_tries:
            return "three tries left";
        case eid::PinState::deactivated:
            return "PIN deactivated";
    }
    return "PIN state unknown";
}

/// What lies in a reader. A running session has its card exclusively: then we only say so.
void look_at_card(Findings& out, const std::string& reader) {
    const std::string name = "reader " + reader + ": ";
    auto connection = pcsc::Connection::open(reader);
    if (!connection) {
        using base::Errc;
        switch (connection.error().code) {
            case Errc::card_removed:
                out.ok("reader", name + "empty");
                return;
            case Errc::card_busy:
                out.ok("reader", name + "a program is using the card in it");
                return;
            case Errc::card_mute:
                out.warn("reader", name + "something that does not answer",
                         "turn the card, or clean its contacts");
                return;
            default:
                out.bad("reader", name + text_of(connection.error()), "plug the reader in again");
                return;
        }
    }
    crypto::SystemRandom random;
    const auto state = eid::read_pin_state({**connection, random});
    if (!state) {
        out.warn("reader",
                 name + "card with ATR " + base::to_hex((*connection)->atr()) + ": " +
                     text_of(state.error()),
                 "not an eID card, or one we do not know: freigabectl card pin-status says more");
        return;
    }
    out.ok("reader", name + "eID card, " + word(*state));
}

void report_no_service(Findings& out, const base::Error& error, bool terminal) {
    const std::string what = "card service pcscd: " + text_of(error);
    if (error.code == base::Errc::reader_access_denied) {
        out.bad("pcscd", what, "allow this user in polkit: org.debian.pcsc-lite.access_pcsc");
    } else if (!fs::exists("/usr/sbin/pcscd")) {
        out.bad("pcscd", what, "apt-get install pcscd");
    } else if (terminal) {
        out.bad("pcscd", what, "systemctl start pcscd.socket");
    } else {
        out.warn("pcscd", what, "systemctl start pcscd.socket; ./run demo starts its own");
    }
}

}  // namespace

void look_at_machine(Findings& out, const DoctorPlace& place) {
    look_at_fonts(out, place.fonts);
    look_at_locales(out, place.locales);
    const auto terminal = read_terminal_file(place);
    look_at_virtual_reader(out, terminal && terminal->mode == downstream::TerminalMode::live);
}

void look_at_readers(Findings& out, const DoctorPlace& place) {
    const auto context = pcsc::Context::establish();
    if (!context) {
        report_no_service(out, context.error(), !place.state.empty());
        return;
    }
    out.ok("pcscd", "card service pcscd: runs");
    const auto readers = context->readers();
    if (!readers) {
        out.bad("reader", "readers: " + text_of(readers.error()), "restart pcscd");
        return;
    }
    if (readers->empty()) {
        const std::string remedy = "plug in a card reader; lsusb must show it; libccid drives it";
        if (place.state.empty())
            out.warn("reader", "readers: none", remedy);
        else
            out.bad("reader", "readers: none", remedy);
    }
    for (const std::string& reader : *readers) look_at_card(out, reader);
}

}  // namespace ctl
