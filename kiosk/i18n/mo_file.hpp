// SPDX-License-Identifier: EUPL-1.2
// Reads the .mo files that msgfmt makes. Our own reader, because glibc's gettext with LANGUAGE
// silently falls back to English on Debian 13 (ui.md 6). Every offset is checked before it is used.
// Norm: GNU gettext manual 10.3. Pure, any thread; fuzzed.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "kiosk/i18n/plural_rule.hpp"

namespace i18n {

/// The texts of one language.
struct MoFile {
    /// Text id -> forms; one form for a text without plural.
    std::map<std::string, std::vector<std::string>, std::less<>> texts;
    PluralRule plural;
    /// The header's lines "Key: value", for example "X-Approved".
    std::map<std::string, std::string, std::less<>> header;
};

/// Parses a whole file.
/// errors   locale_bad: wrong magic, offset outside the file, missing NUL, too many texts, or not
/// UTF-8.
[[nodiscard]] base::Result<MoFile> parse_mo(base::ByteView file);

}  // namespace i18n
