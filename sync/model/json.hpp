// SPDX-License-Identifier: EUPL-1.2
// Reading JSON from outside and writing our own. The reader takes an object apart key by key and
// remembers the first thing that did not fit, so that a parser is a list of fields and one question
// at the end. The writer keeps the order in which fields are added. Pure, any thread.
// Norm: RFC 8259; doubled keys are refused (RFC 8259 4 leaves them open, attacks live on that).
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/base/uuid.hpp"
#include "sync/model/declaration.hpp"

namespace model {

using Json = nlohmann::json;

/// Parses a whole text (json_reader.hpp). errors: message_bad (syntax, invalid UTF-8, a doubled
/// key, deeper than limits::json_depth_max, more than `bytes_max` bytes).
base::Result<Json> parse_json(std::string_view text, std::size_t bytes_max);

/// Takes the members of one JSON object. The Json must outlive it.
class JsonFields {
  public:
    explicit JsonFields(const Json& object);

    /// Each takes one required member; on a missing or unfitting one it returns an empty value and
    /// ok() turns false. Text has 1..bytes_max bytes and no control characters.
    std::string text(const char* key, std::size_t bytes_max);
    /// As text, but line breaks are allowed.
    std::string lines(const char* key, std::size_t bytes_max);
    std::string text_or_empty(const char* key, std::size_t bytes_max);
    std::uint64_t number(const char* key, std::uint64_t value_max);
    bool boolean(const char* key);
    base::Bytes bytes(const char* key, std::size_t size_min, std::size_t size_max);
    Digest digest(const char* key);
    base::Uuid uuid(const char* key);
    /// Always an array (an empty one if it did not fit) of at most items_max items.
    const Json& array(const char* key, std::size_t items_max);
    /// Always an object (an empty one if it did not fit).
    const Json& object(const char* key);

    [[nodiscard]] bool has(const char* key) const;
    /// Leaves a member alone that the format allows and we do not need.
    void ignore(const char* key);
    /// Says that something about a value did not fit.
    void refuse() { ok_ = false; }
    /// True if everything fitted and every member was taken.
    [[nodiscard]] bool ok() const { return ok_ && taken_ == members_; }
    /// True if everything fitted; members that nobody took are allowed.
    [[nodiscard]] bool ok_with_others() const { return ok_; }

  private:
    const Json* take(const char* key);

    const Json& object_;
    std::size_t members_;
    std::size_t taken_ = 0;
    bool ok_ = true;
};

/// Writes one JSON object in the order of the calls.
class JsonWriter {
  public:
    JsonWriter& text(std::string_view key, std::string_view value);
    JsonWriter& number(std::string_view key, std::uint64_t value);
    JsonWriter& boolean(std::string_view key, bool value);
    JsonWriter& bytes(std::string_view key, base::ByteView value);  ///< base64url
    JsonWriter& texts(std::string_view key, const std::vector<std::string>& values);
    /// A member whose value is JSON text already.
    JsonWriter& raw(std::string_view key, std::string_view json);
    /// The finished object.
    [[nodiscard]] std::string done() const { return out_ + "}"; }

  private:
    void key(std::string_view name);
    std::string out_ = "{";
};

/// A JSON string with quotes. Invalid UTF-8 is a programmer's error (CHECK): texts come from
/// parsers.
[[nodiscard]] std::string json_quote(std::string_view text);
/// `[a,b,c]` of items that are JSON text already.
[[nodiscard]] std::string json_array(const std::vector<std::string>& items);

}  // namespace model
