// SPDX-License-Identifier: EUPL-1.2
// What stands on a slip, from top to bottom: the two codes and what each is for, in the person's
// own language and in German below it, because offices read German. No name, no release, no office:
// whoever finds the paper learns nothing (K2). Pure, any thread.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "kiosk/i18n/locales.hpp"

namespace slip {

struct Words {
    enum class Size : std::uint8_t { title, body, small } size = Size::body;
    std::string words;     ///< UTF-8, with isolates
    std::string language;  ///< BCP 47
    friend bool operator==(const Words&, const Words&) = default;
};
struct Code {
    std::string payload;  ///< what the QR code holds
    friend bool operator==(const Code&, const Code&) = default;
};
/// Where the secret half is torn off.
struct TearLine {
    friend bool operator==(const TearLine&, const TearLine&) = default;
};
using Part = std::variant<Words, Code, TearLine>;

struct Order {
    std::string check;
    std::string take_back;  ///< empty: one part only
    std::string language;   ///< of the screen
    std::string date;       ///< "YYYY-MM-DD"
};
[[nodiscard]] std::vector<Part> contents_of(const i18n::Locales& locales, const Order& order);

}  // namespace slip
