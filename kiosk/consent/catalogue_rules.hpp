// SPDX-License-Identifier: EUPL-1.2
// What a catalogue must keep before anybody may be asked anything: the law's rules as code, each
// with its number, so that an authority's editor can mend the file without reading code. Pure
// functions, any thread. Rules: domain LR-02, 03, 09, 10, 11, 13, 14, 20, 22, 23, 47.
#pragma once

#include <string>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "kiosk/consent/catalogue.hpp"

namespace consent {

struct Violation {
    std::string place;   ///< entry id, or a path such as "authorities/musterstadt-jugendamt"
    std::string rule;    ///< "LR-09", "FORMAT"
    std::string what;    ///< what is wrong
    std::string remedy;  ///< what to do about it
    friend bool operator==(const Violation&, const Violation&) = default;
};

/// Every violation, in the order of the file. Empty = may be signed.
[[nodiscard]] std::vector<Violation> violations(const Catalogue& catalogue);

/// What reading a file gave: the catalogue if its form is right, and all that is wrong with it.
struct Reading {
    std::optional<Catalogue> catalogue;
    std::vector<Violation> violations;
};
/// Parses and checks. A file whose form is wrong has violations of rule FORMAT and no catalogue.
[[nodiscard]] Reading read(base::ByteView json);

/// Words that never appear (design: section 6) and sentences longer than 12 words, in a German
/// text.
[[nodiscard]] std::vector<std::string> wording_faults(std::string_view german_text);

}  // namespace consent
