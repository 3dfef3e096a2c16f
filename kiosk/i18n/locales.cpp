// SPDX-License-Identifier: EUPL-1.2
// Lookup with fallback, named placeholders, isolates (UAX 9) and dates.
#include "kiosk/i18n/locales.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <utility>

#include "drivers/base/limits.hpp"

namespace i18n {
namespace {

constexpr std::string_view isolate_ltr = "\u2066";
constexpr std::string_view isolate_first_strong = "\u2068";
constexpr std::string_view isolate_end = "\u2069";

/// Where a language looks when it lacks a text: plain German, then German; everything else straight
/// to German.
std::array<std::string_view, 2> chain(std::string_view language) {
    return {language, Locales::master};
}

std::string without_leading_zero(std::string_view digits) {
    return std::string(digits.starts_with('0') && digits.size() > 1 ? digits.substr(1) : digits);
}

bool is_date(std::string_view text) {
    return text.size() == 10 && text[4] == '-' && text[7] == '-';
}

}  // namespace

void Locales::add(std::string tag, MoFile file) {
    files_[std::move(tag)] = std::move(file);
}

base::Result<Locales> Locales::load(const std::filesystem::path& directory,
                                    std::span<const std::string> tags) {
    Locales locales;
    for (const std::string& tag : tags) {
        std::ifstream in(directory / (tag + ".mo"), std::ios::binary);
        if (!in) return base::fail(base::Errc::file_io, "locale file");
        base::Bytes bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
        TRY(file, parse_mo(bytes));
        locales.add(tag, std::move(file));
    }
    if (!locales.files_.contains(master))
        return base::fail(base::Errc::locale_bad, "no master language");
    return locales;
}

const std::string* Locales::find(std::string_view language, std::string_view id,
                                 std::int64_t count) const {
    for (const std::string_view tag : chain(language)) {
        const auto file = files_.find(tag);
        if (file == files_.end()) continue;
        const auto text = file->second.texts.find(id);
        if (text == file->second.texts.end() || text->second.front().empty()) continue;
        const auto& forms = text->second;
        const std::size_t form =
            count < 0 ? 0 : file->second.plural.form(static_cast<std::uint64_t>(count));
        return &forms[form < forms.size() ? form : 0];
    }
    return nullptr;
}

std::string Locales::shown(std::string_view language, const Value& value) const {
    using Kind = Value::Kind;
    const std::string_view raw = value.value;
    const auto pattern = [&](const std::string& id) {
        const std::string* found = find(language, id, -1);
        return found == nullptr ? id : *found;
    };
    if ((value.kind == Kind::date || value.kind == Kind::date_long) && is_date(raw)) {
        const bool is_long = value.kind == Kind::date_long;
        const std::string month_number = without_leading_zero(raw.substr(5, 2));
        const std::array<Value, 3> parts{{
            {"day", without_leading_zero(raw.substr(8, 2)), Kind::word},
            {"month", is_long ? pattern("month." + month_number) : month_number, Kind::word},
            {"year", std::string(raw.substr(0, 4)), Kind::word},
        }};
        std::string out = pattern(is_long ? "date.long" : "date.short");
        for (const Value& part : parts) {
            const std::string slot = "{" + part.name + "}";
            if (const auto at = out.find(slot); at != std::string::npos)
                out.replace(at, slot.size(), part.value);
        }
        return out;
    }
    if (value.kind == Kind::time) return without_leading_zero(raw);
    return value.value;
}

std::string Locales::text(std::string_view language, std::string_view id,
                          std::span<const Value> values, std::int64_t count) const {
    const std::string* pattern = find(language, id, count);
    if (pattern == nullptr) return std::string(id);
    std::string out;
    std::string_view rest = *pattern;
    while (!rest.empty()) {
        const auto open = rest.find('{');
        const auto close = open == std::string_view::npos ? open : rest.find('}', open);
        if (close == std::string_view::npos) break;
        out += rest.substr(0, open);
        const std::string_view name = rest.substr(open + 1, close - open - 1);
        bool found = false;
        for (const Value& value : values) {
            if (value.name != name) continue;
            const bool ltr = value.kind == Value::Kind::number || value.kind == Value::Kind::date ||
                             value.kind == Value::Kind::time;
            out += ltr ? isolate_ltr : isolate_first_strong;
            out += shown(language, value);
            out += isolate_end;
            found = true;
            break;
        }
        if (!found) out += rest.substr(open, close - open + 1);
        rest.remove_prefix(close + 1);
    }
    out += rest;
    return out;
}

bool Locales::has(std::string_view language, std::string_view id) const {
    const auto file = files_.find(language);
    return file != files_.end() && file->second.texts.contains(id);
}

bool Locales::approved(std::string_view language) const {
    const auto file = files_.find(language);
    if (file == files_.end()) return false;
    const auto by = file->second.header.find("X-Approved-By");
    return by != file->second.header.end() && !by->second.empty();
}

std::vector<std::string> Locales::ids(std::string_view language) const {
    std::vector<std::string> ids;
    if (const auto file = files_.find(language); file != files_.end()) {
        for (const auto& [id, forms] : file->second.texts) ids.push_back(id);
    }
    return ids;
}

std::vector<std::string> Locales::tags() const {
    std::vector<std::string> tags;
    for (const auto& [tag, file] : files_) tags.push_back(tag);
    return tags;
}

}  // namespace i18n
