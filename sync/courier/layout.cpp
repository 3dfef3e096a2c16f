// SPDX-License-Identifier: EUPL-1.2
#include "sync/courier/layout.hpp"

#include <array>
#include <charconv>
#include <string>

#include "drivers/base/check.hpp"
#include "drivers/base/limits_courier.hpp"

namespace courier {
namespace {

struct KindForm {
    FileKind kind;
    Direction direction;
    std::string_view before;
    std::string_view behind;
};
constexpr std::array<KindForm, 5> numbered{{
    {FileKind::advance, Direction::out, "advance-", ".json"},
    {FileKind::batch, Direction::out, "batch-", ".json"},
    {FileKind::advance_receipts, Direction::in, "advance-", "-receipts.json"},
    {FileKind::batch_receipts, Direction::in, "batch-", "-receipts.json"},
    {FileKind::events, Direction::in, "events-", ".json"},
}};
constexpr std::string_view growth_name = "growth.json";
constexpr std::size_t digits = 4;
static_assert(limits::courier_files_max <= 9'999);

std::optional<std::uint32_t> parse_number(std::string_view text) {
    std::uint32_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (text.size() != digits || error != std::errc{} || stop != end) return std::nullopt;
    if (number == 0 || number > limits::courier_files_max) return std::nullopt;
    return number;
}

}  // namespace

std::string to_text(const FileName& name) {
    if (name.kind == FileKind::growth) return std::string(growth_name);
    for (const KindForm& form : numbered) {
        if (form.kind != name.kind) continue;
        std::string number = std::to_string(name.number);
        if (number.size() < digits) number.insert(0, digits - number.size(), '0');
        return std::string(form.before) + number + std::string(form.behind);
    }
    CHECK(!"a file kind without a name");
}

std::optional<FileName> parse_file_name(std::string_view text) {
    if (text == growth_name) return FileName{FileKind::growth, 1};
    for (const KindForm& form : numbered) {
        if (text.size() != form.before.size() + digits + form.behind.size()) continue;
        if (!text.starts_with(form.before) || !text.ends_with(form.behind)) continue;
        const auto number = parse_number(text.substr(form.before.size(), digits));
        if (number) return FileName{form.kind, *number};
    }
    return std::nullopt;
}

bool belongs(FileKind kind, Direction direction) {
    const bool out = kind == FileKind::advance || kind == FileKind::batch;
    return out == (direction == Direction::out);
}

std::string folder_of(Direction direction) {
    return direction == Direction::out ? "freigabe/out" : "freigabe/in";
}

std::string folder_of(Direction direction, const base::Uuid& terminal) {
    return folder_of(direction) + "/" + base::to_text(terminal);
}

std::string_view manifest_name(Direction direction) {
    return direction == Direction::out ? "manifest.jws" : "manifest.json";
}

}  // namespace courier
