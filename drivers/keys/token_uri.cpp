// SPDX-License-Identifier: EUPL-1.2
#include "drivers/keys/token_uri.hpp"

#include <cstring>
#include <utility>

#include "drivers/keys/private_file.hpp"

namespace keys {
namespace {

using base::Errc;

constexpr std::size_t uri_chars_max = 1'024;
// Every slot id may be asked for but this one: p11-kit's "none".
constexpr CK_SLOT_ID no_slot_id = ~CK_SLOT_ID{0};
constexpr std::string_view line_end = "\r\n";

std::string text_of(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
}

base::ByteView attribute_of(P11KitUri* uri, CK_ATTRIBUTE_TYPE type) {
    const CK_ATTRIBUTE* found = p11_kit_uri_get_attribute(uri, type);
    if (found == nullptr || found->pValue == nullptr) return {};
    return {static_cast<const std::uint8_t*>(found->pValue), found->ulValueLen};
}

/// The path in `file:/a`, `file:///a` or `/a`; empty for all else (RFC 7512 2.4: a program may be
/// named too, which we never start).
std::filesystem::path path_of(std::string_view source) {
    if (source.starts_with("file:")) source.remove_prefix(5);
    if (source.starts_with("///")) source.remove_prefix(2);
    if (!source.starts_with('/') || source.starts_with("//")) return {};
    return source;
}

bool class_fits(P11KitUri* uri) {
    const base::ByteView value = attribute_of(uri, CKA_CLASS);
    if (value.empty()) return true;
    CK_OBJECT_CLASS found = 0;
    if (value.size() != sizeof(found)) return false;
    std::memcpy(&found, value.data(), sizeof(found));
    return found == CKO_PRIVATE_KEY;
}

}  // namespace

base::Result<TokenUri> TokenUri::parse(const TokenPlace& place) {
    if (place.uri.size() > uri_chars_max) return base::fail(Errc::config_bad, "token URI size");
    TokenUri out{Uri(p11_kit_uri_new())};
    CHECK(out.uri_ != nullptr);
    const int parsed = p11_kit_uri_parse(place.uri.c_str(), P11_KIT_URI_FOR_ANY, out.uri_.get());
    if (parsed != P11_KIT_URI_OK) {
        return base::fail(Errc::config_bad, "token URI", static_cast<std::uint32_t>(-parsed));
    }
    if (p11_kit_uri_any_unrecognized(out.uri_.get()) != 0) {
        return base::fail(Errc::config_bad, "token URI attribute");
    }
    if (!class_fits(out.uri_.get())) return base::fail(Errc::config_bad, "token URI type");
    TRY_VOID(out.take_queries(place));
    return out;
}

base::Result<void> TokenUri::take_queries(const TokenPlace& place) {
    if (p11_kit_uri_get_pin_value(uri_.get()) != nullptr) {
        return base::fail(Errc::config_bad, "token URI with pin-value: use pin-source");
    }
    const std::string source = text_of(p11_kit_uri_get_pin_source(uri_.get()));
    pin_source_ = path_of(source);
    if (!source.empty() && pin_source_.empty()) {
        return base::fail(Errc::config_bad, "token URI pin-source");
    }
    module_name_ = text_of(p11_kit_uri_get_module_name(uri_.get()));
    module_path_ = text_of(p11_kit_uri_get_module_path(uri_.get()));
    if (module_path_.empty()) module_path_ = place.module;
    const bool differs = !place.module.empty() && module_path_ != place.module;
    // p11-kit would look for a relative name in a folder of its own.
    const bool relative = !module_path_.empty() && !module_path_.starts_with('/');
    if (differs || relative) return base::fail(Errc::config_bad, "token module path");
    return {};
}

bool TokenUri::matches(CK_INFO& module) const {
    return p11_kit_uri_match_module_info(uri_.get(), &module) == 1;
}

bool TokenUri::matches(CK_SLOT_ID slot, CK_SLOT_INFO& info) const {
    const CK_SLOT_ID wanted = p11_kit_uri_get_slot_id(uri_.get());
    return (wanted == no_slot_id || wanted == slot) &&
           p11_kit_uri_match_slot_info(uri_.get(), &info) == 1;
}

bool TokenUri::matches(CK_TOKEN_INFO& token) const {
    return p11_kit_uri_match_token_info(uri_.get(), &token) == 1;
}

std::string_view TokenUri::object() const {
    return base::as_text(attribute_of(uri_.get(), CKA_LABEL));
}

base::ByteView TokenUri::id() const {
    return attribute_of(uri_.get(), CKA_ID);
}

base::Result<TokenPin> TokenUri::read_pin() const {
    if (pin_source_.empty()) return base::fail(Errc::config_bad, "token URI without pin-source");
    TRY(content, read_file(pin_source_, TokenPin::capacity + line_end.size(), Access::owner_only));
    std::size_t size = content.size();
    if (size > 0 && content[size - 1] == '\n') --size;
    if (size > 0 && content[size - 1] == '\r') --size;
    if (size == 0 || size > TokenPin::capacity) {
        base::wipe(content);
        return base::fail(Errc::config_bad, "token PIN size");
    }
    TokenPin pin(base::ByteView(content).first(size));
    base::wipe(content);
    return pin;
}

}  // namespace keys
