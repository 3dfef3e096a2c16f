// SPDX-License-Identifier: EUPL-1.2
// Reading the script: see script.hpp.
#include "tests/reader/script.hpp"

#include <algorithm>
#include <charconv>

namespace reader {

Script::Script(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of("\n "), text.size());
        const std::string_view line = text.substr(0, end);
        if (const std::size_t equals = line.find('='); equals != std::string_view::npos) {
            values_[std::string(line.substr(0, equals))] = line.substr(equals + 1);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

Script Script::read(const std::string& path) {
    const auto content = card::read_file(path);
    return content ? Script(card::to_text(*content)) : Script();
}

std::string Script::text(const std::string& key, const std::string& otherwise) const {
    const auto found = values_.find(key);
    return found == values_.end() ? otherwise : found->second;
}

unsigned long Script::number(const std::string& key, unsigned long otherwise) const {
    const std::string value = text(key, "");
    unsigned long parsed = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    return error == std::errc{} && !value.empty() ? parsed : otherwise;
}

std::optional<card::Bytes> Script::hex(const std::string& key) const {
    const auto found = values_.find(key);
    if (found == values_.end()) return std::nullopt;
    return card::from_hex(found->second);
}

bool Script::is(const std::string& key, const std::string& value) const {
    return text(key, "") == value;
}

}  // namespace reader
