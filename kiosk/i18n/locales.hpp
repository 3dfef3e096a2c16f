// SPDX-License-Identifier: EUPL-1.2
// All languages of the product and the way from a text id with values to finished words: plural
// form, fallback to German, isolates around every value, dates and times as the language writes
// them. Immutable after load: any thread.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "kiosk/i18n/mo_file.hpp"

namespace i18n {

/// One value for a text. A date is "YYYY-MM-DD", a time "HH:MM"; they are written as the language
/// does.
struct Value {
    enum class Kind : std::uint8_t { word, name, number, date, date_long, time };
    std::string name;
    std::string value;
    Kind kind = Kind::word;
};

class Locales {
  public:
    /// The language that has every text; the others fall back to it text by text.
    static constexpr std::string_view master = "de";

    /// Adds a language. A second one of the same tag replaces the first.
    void add(std::string tag, MoFile file);
    /// Loads <tag>.mo for each tag from `directory`. errors: file_io, locale_bad.
    static base::Result<Locales> load(const std::filesystem::path& directory,
                                      std::span<const std::string> tags);

    /// Finished UTF-8 text in `language`. With `count` the plural form is chosen by it.
    /// An id that no language has comes back as it is, so that a screen is never empty; a test
    /// forbids it.
    [[nodiscard]] std::string text(std::string_view language, std::string_view id,
                                   std::span<const Value> values = {},
                                   std::int64_t count = -1) const;
    /// True if this very language has the text (no fallback).
    [[nodiscard]] bool has(std::string_view language, std::string_view id) const;
    /// True if a human has approved the interface texts of this language (header "X-Approved-By",
    /// LR-23).
    [[nodiscard]] bool approved(std::string_view language) const;
    /// All ids of one language, in order.
    [[nodiscard]] std::vector<std::string> ids(std::string_view language) const;
    [[nodiscard]] std::vector<std::string> tags() const;

  private:
    [[nodiscard]] const std::string* find(std::string_view language, std::string_view id,
                                          std::int64_t count) const;
    [[nodiscard]] std::string shown(std::string_view language, const Value& value) const;

    std::map<std::string, MoFile, std::less<>> files_;
};

}  // namespace i18n
