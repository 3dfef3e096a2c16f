// SPDX-License-Identifier: EUPL-1.2
// One JSON object of a catalogue while it is read, see json_node.hpp.
#include "kiosk/consent/json_node.hpp"

#include <algorithm>

namespace consent {

namespace {

const nlohmann::json& empty_object() {
    static const nlohmann::json made = nlohmann::json::object();
    return made;
}

/// Control characters, and the Unicode marks that turn the reading direction (U+202A..E,
/// U+2066..9): hidden in a text they could make it read as something else (the view sets its own
/// isolates).
bool has_hidden_character(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x20 || byte == 0x7F) return true;
        if (byte != 0xE2 || at + 2 >= text.size()) continue;
        const auto second = static_cast<unsigned char>(text[at + 1]);
        const auto third = static_cast<unsigned char>(text[at + 2]);
        if (second == 0x80 && third >= 0xAA && third <= 0xAE) return true;
        if (second == 0x81 && third >= 0xA6 && third <= 0xA9) return true;
    }
    return false;
}

}  // namespace

JsonNode::JsonNode(const Json& json, std::string path, std::vector<Violation>& out)
    : json_(&json), path_(std::move(path)), out_(&out) {
    if (json_->is_object()) return;
    fault("", "must be an object");
    json_ = &empty_object();
}

void JsonNode::fault(std::string_view key, std::string_view what) {
    std::string place = path_;
    if (!key.empty()) place += (place.empty() ? "" : "/") + std::string(key);
    out_->push_back({place, "FORMAT", std::string(what),
                     "see assets/catalogue/README.md for the form of this member"});
}

const JsonNode::Json* JsonNode::take(const char* key, Need need) {
    taken_.insert(key);
    const auto found = json_->find(key);
    if (found != json_->end()) return &*found;
    if (need == Need::required) fault(key, "is missing");
    return nullptr;
}

bool JsonNode::has(const char* key) const {
    return json_->contains(key);
}

bool JsonNode::text_fits(const Json& value, std::size_t bytes_max) const {
    if (!value.is_string()) return false;
    const auto& text = value.get_ref<const std::string&>();
    return !text.empty() && text.size() <= bytes_max && !has_hidden_character(text);
}

std::string JsonNode::text(const char* key, std::size_t bytes_max, Need need) {
    const Json* value = take(key, need);
    if (value == nullptr) return {};
    if (!text_fits(*value, bytes_max)) {
        fault(key, "must be one text, not empty, of at most " + std::to_string(bytes_max) +
                       " bytes, without control characters");
        return {};
    }
    return value->get<std::string>();
}

bool JsonNode::flag(const char* key) {
    const Json* value = take(key, Need::optional);
    if (value == nullptr) return false;
    if (!value->is_boolean()) {
        fault(key, "must be true or false");
        return false;
    }
    return value->get<bool>();
}

unsigned JsonNode::number(const char* key, unsigned value_max) {
    const Json* value = take(key, Need::optional);
    if (value == nullptr) return 0;
    if (!value->is_number_unsigned() || value->get<std::uint64_t>() > value_max) {
        fault(key, "must be a whole number from 0 to " + std::to_string(value_max));
        return 0;
    }
    return value->get<unsigned>();
}

std::vector<std::string> JsonNode::words(const char* key, std::size_t items_max, Need need) {
    const Json* value = take(key, need);
    if (value == nullptr) return {};
    std::vector<std::string> out;
    if (!value->is_array() || value->size() > items_max) {
        fault(key, "must be a list of at most " + std::to_string(items_max) + " texts");
        return out;
    }
    for (const Json& item : *value) {
        if (!text_fits(item, word_bytes_max)) {
            fault(key, "holds something that is no short text");
            continue;
        }
        out.push_back(item.get<std::string>());
    }
    return out;
}

JsonNode JsonNode::object(const char* key) {
    const Json* value = take(key, Need::required);
    return JsonNode(value == nullptr ? empty_object() : *value,
                    path_ + (path_.empty() ? "" : "/") + key, *out_);
}

std::vector<std::pair<std::string, JsonNode>> JsonNode::members() {
    std::vector<std::pair<std::string, JsonNode>> out;
    for (const auto& item : json_->items()) {
        taken_.insert(item.key());
        out.emplace_back(item.key(), JsonNode(item.value(), path_ + "/" + item.key(), *out_));
    }
    return out;
}

std::vector<std::string> JsonNode::keys(std::size_t items_max) {
    std::vector<std::string> out;
    for (const auto& item : json_->items()) {
        if (out.size() == items_max) break;
        out.push_back(item.key());
    }
    return out;
}

std::vector<JsonNode> JsonNode::objects(const char* key, std::size_t items_max) {
    std::vector<JsonNode> out;
    const Json* value = take(key, Need::required);
    if (value == nullptr) return out;
    if (!value->is_array() || value->size() > items_max) {
        fault(key, "must be a list of at most " + std::to_string(items_max) + " objects");
        return out;
    }
    for (const Json& item : *value) {
        std::string name = std::to_string(out.size());
        if (item.is_object() && item.contains("id") && item["id"].is_string()) {
            name = item["id"].get<std::string>();
        }
        // An entry is named by its id alone: that is what an editor searches for.
        const std::string place = std::string_view(key) == "entries"
                                      ? name
                                      : path_ + (path_.empty() ? "" : "/") + key + "/" + name;
        out.emplace_back(item, place, *out_);
    }
    return out;
}

void JsonNode::done() {
    for (const auto& item : json_->items()) {
        if (taken_.find(item.key()) == taken_.end()) fault(item.key(), "is not known here");
    }
}

}  // namespace consent
