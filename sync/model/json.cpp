// SPDX-License-Identifier: EUPL-1.2
// Reading JSON from outside and writing our own.
#include "sync/model/json.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"
#include "drivers/base/encoding.hpp"
#include "sync/model/json_reader.hpp"
#include "sync/model/text_rules.hpp"

namespace model {

base::Result<Json> parse_json(std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max) return base::fail(base::Errc::message_bad, "json size");
    return read_json(text);
}

JsonFields::JsonFields(const Json& object)
    : object_(object), members_(object.is_object() ? object.size() : 0), ok_(object.is_object()) {}

const Json* JsonFields::take(const char* key) {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(key);
    if (found == object_.end()) {
        ok_ = false;
        return nullptr;
    }
    ++taken_;
    return &*found;
}

bool JsonFields::has(const char* key) const {
    return object_.is_object() && object_.contains(key);
}

void JsonFields::ignore(const char* key) {
    if (has(key)) ++taken_;
}

std::string JsonFields::text(const char* key, std::size_t bytes_max) {
    const Json* value = take(key);
    if (value != nullptr && value->is_string()) {
        const auto& text = value->get_ref<const std::string&>();
        if (is_line(text, bytes_max)) return text;
    }
    ok_ = false;
    return {};
}

std::string JsonFields::lines(const char* key, std::size_t bytes_max) {
    const Json* value = take(key);
    if (value != nullptr && value->is_string()) {
        const auto& text = value->get_ref<const std::string&>();
        std::string without_breaks = text;
        std::erase(without_breaks, '\n');
        if (text.size() <= bytes_max && is_line(without_breaks, bytes_max)) return text;
    }
    ok_ = false;
    return {};
}

std::string JsonFields::text_or_empty(const char* key, std::size_t bytes_max) {
    if (object_.is_object()) {
        const auto found = object_.find(key);
        if (found != object_.end() && *found == "") {
            ++taken_;
            return {};
        }
    }
    return text(key, bytes_max);
}

std::uint64_t JsonFields::number(const char* key, std::uint64_t value_max) {
    const Json* value = take(key);
    if (value != nullptr && value->is_number_unsigned()) {
        const auto number = value->get<std::uint64_t>();
        if (number <= value_max) return number;
    }
    ok_ = false;
    return 0;
}

bool JsonFields::boolean(const char* key) {
    const Json* value = take(key);
    if (value != nullptr && value->is_boolean()) return value->get<bool>();
    ok_ = false;
    return false;
}

base::Bytes JsonFields::bytes(const char* key, std::size_t size_min, std::size_t size_max) {
    const Json* value = take(key);
    if (value != nullptr && value->is_string()) {
        auto bytes = base::from_base64url(value->get_ref<const std::string&>());
        if (bytes && bytes->size() >= size_min && bytes->size() <= size_max) {
            return std::move(*bytes);
        }
    }
    ok_ = false;
    return {};
}

Digest JsonFields::digest(const char* key) {
    Digest digest{};
    const base::Bytes value = bytes(key, digest.size(), digest.size());
    std::copy(value.begin(), value.end(), digest.begin());
    return digest;
}

base::Uuid JsonFields::uuid(const char* key) {
    const std::string value = text(key, 36);
    const auto uuid = base::parse_uuid(value);
    // Written in lower case, read in either (RFC 9562 4); compared as bytes from here on.
    if (uuid) return *uuid;
    ok_ = false;
    return {};
}

const Json& JsonFields::array(const char* key, std::size_t items_max) {
    static const Json empty = Json::array();
    const Json* value = take(key);
    if (value != nullptr && value->is_array() && value->size() <= items_max) return *value;
    ok_ = false;
    return empty;
}

const Json& JsonFields::object(const char* key) {
    static const Json empty = Json::object();
    const Json* value = take(key);
    if (value != nullptr && value->is_object()) return *value;
    ok_ = false;
    return empty;
}

void JsonWriter::key(std::string_view name) {
    if (out_.size() > 1) out_ += ',';
    out_ += json_quote(name);
    out_ += ':';
}

JsonWriter& JsonWriter::text(std::string_view name, std::string_view value) {
    return raw(name, json_quote(value));
}

JsonWriter& JsonWriter::number(std::string_view name, std::uint64_t value) {
    return raw(name, std::to_string(value));
}

JsonWriter& JsonWriter::boolean(std::string_view name, bool value) {
    return raw(name, value ? "true" : "false");
}

JsonWriter& JsonWriter::bytes(std::string_view name, base::ByteView value) {
    return text(name, base::to_base64url(value));
}

JsonWriter& JsonWriter::texts(std::string_view name, const std::vector<std::string>& values) {
    std::vector<std::string> quoted;
    quoted.reserve(values.size());
    for (const std::string& value : values) quoted.push_back(json_quote(value));
    return raw(name, json_array(quoted));
}

JsonWriter& JsonWriter::raw(std::string_view name, std::string_view json) {
    key(name);
    out_ += json;
    return *this;
}

std::string json_quote(std::string_view text) {
    CHECK(is_utf8(text));
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00";
            out += base::to_hex(base::as_bytes({&c, 1}));
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string json_array(const std::vector<std::string>& items) {
    std::string out = "[";
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) out += ',';
        out += items[i];
    }
    return out + "]";
}

}  // namespace model
