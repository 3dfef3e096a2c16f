// SPDX-License-Identifier: EUPL-1.2
// One JSON object of a catalogue while it is read: every member is asked for by name and kind,
// everything that does not fit becomes a violation with its path, and what nobody asked for is
// reported too (a misspelt slot must not vanish). Apart from the reader of records (sync/model),
// which stops at the first fault, because here a person mends a file by hand. Used by
// catalogue_reader.cpp only. Not shared between threads.
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kiosk/consent/catalogue_rules.hpp"

namespace consent {

enum class Need : std::uint8_t { required, optional };

class JsonNode {
  public:
    using Json = nlohmann::json;

    JsonNode(const Json& json, std::string path, std::vector<Violation>& out);

    /// Text of 1..bytes_max bytes without control or direction characters; empty if it does not
    /// fit.
    std::string text(const char* key, std::size_t bytes_max, Need need = Need::required);
    bool flag(const char* key);                            ///< optional, false if absent
    unsigned number(const char* key, unsigned value_max);  ///< optional, 0 if absent
    std::vector<std::string> words(const char* key, std::size_t items_max,
                                   Need need = Need::required);
    /// One of the words; the first if it does not fit.
    template <class E>
    E word(const char* key, std::initializer_list<std::pair<std::string_view, E>> table) {
        const std::string given = text(key, word_bytes_max);
        for (const auto& [name, value] : table) {
            if (given == name) return value;
        }
        if (!given.empty()) fault(key, "is none of the known words");
        return table.begin()->second;
    }
    JsonNode object(const char* key);
    /// All members of an object (key, node), for tables by language.
    std::vector<std::pair<std::string, JsonNode>> members();
    /// The names of all members, at most items_max of them.
    std::vector<std::string> keys(std::size_t items_max);
    /// The objects of an array.
    std::vector<JsonNode> objects(const char* key, std::size_t items_max);
    [[nodiscard]] bool has(const char* key) const;

    void fault(std::string_view key, std::string_view what);
    /// Reports members that nobody asked for.
    void done();

  private:
    static constexpr std::size_t word_bytes_max = 64;
    const Json* take(const char* key, Need need);
    bool text_fits(const Json& value, std::size_t bytes_max) const;

    const Json* json_;
    std::string path_;
    std::vector<Violation>* out_;
    std::set<std::string, std::less<>> taken_;
};

}  // namespace consent
