// SPDX-License-Identifier: EUPL-1.2
// Doctor's look at the machine: fonts byte by byte, locales text by text, the virtual reader.
#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>

#include "drivers/base/encoding.hpp"
#include "drivers/crypto/digest.hpp"
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

}  // namespace

void look_at_machine(Findings& out, const DoctorPlace& place) {
    look_at_fonts(out, place.fonts);
    look_at_locales(out, place.locales);
    const auto terminal = read_terminal_file(place);
    look_at_virtual_reader(out, terminal && terminal->mode == downstream::TerminalMode::live);
}

}  // namespace ctl
