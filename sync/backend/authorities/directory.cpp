// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/directory.hpp"

#include <algorithm>

#include "drivers/base/limits.hpp"
#include "drivers/base/limits_exchange.hpp"
#include "drivers/base/wipe_guard.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/model/access_request.hpp"
#include "sync/model/json.hpp"
#include "sync/model/json_wipe.hpp"
#include "sync/model/text_rules.hpp"
#include "sync/receipts/receipt.hpp"
#include "sync/seal/jwk.hpp"

namespace backend {
namespace {

constexpr std::size_t secret_bytes_min = 32;
constexpr std::size_t name_bytes_max = 200;

base::Result<void> add_texts(const model::Json& json, const char* key,
                             std::map<std::string, std::string, std::less<>>& out) {
    const auto found = json.find(key);
    if (found == json.end()) return {};
    if (!found->is_object()) return base::fail(base::Errc::config_bad, "directory.names");
    for (const auto& [id, text] : found->items()) {
        if (!text.is_string()) return base::fail(base::Errc::config_bad, "directory.names");
        out.insert_or_assign(id, text.get<std::string>());
    }
    return {};
}

std::optional<Webhook> read_webhook(const model::Json& json) {
    model::JsonFields fields(json);
    auto webhook = parse_webhook(fields.text("url", limits::webhook_url_bytes_max));
    const bool loopback = fields.has("loopback") && fields.boolean("loopback");
    if (!fields.ok() || !webhook || (is_loopback(webhook->origin.host) && !loopback))
        return std::nullopt;
    return webhook;
}

}  // namespace

std::optional<Webhook> parse_webhook(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    if (url.size() > limits::webhook_url_bytes_max || !url.starts_with(scheme)) return std::nullopt;
    const std::size_t slash = url.find('/', scheme.size());
    if (slash == std::string_view::npos) return std::nullopt;
    auto origin = http::parse_origin(url.substr(0, slash));
    const std::string path(url.substr(slash));
    const bool plain = std::ranges::all_of(path, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("/-_~.").find(c) != std::string_view::npos;
    });
    const bool dots = path.find("/.") != std::string::npos || path.find("//") != std::string::npos;
    if (!origin || !plain || dots) return std::nullopt;
    return Webhook{std::move(*origin), path};
}

bool is_loopback(std::string_view host) {
    std::string name(host);
    std::ranges::transform(name, name.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (name.ends_with('.')) name.pop_back();
    // Also the forms of 127/8, of the unspecified address and of addresses mapped into IPv6.
    return name == "localhost" || name.ends_with(".localhost") || name.starts_with("127.") ||
           name == "0" || name.starts_with("0.") || name == "::" || name == "::1" ||
           name.starts_with("::ffff:");
}

base::Result<void> Directory::add_authorities(std::string_view json) {
    auto parsed = model::parse_json(json, limits::config_bytes_max);
    if (!parsed) return base::fail(base::Errc::config_bad, "directory.json");
    const model::JsonWipe wiped(*parsed);
    if (!parsed->is_object()) return base::fail(base::Errc::config_bad, "directory.json");
    for (const auto& [id, value] : parsed->items()) {
        if (!value.is_object() || !model::is_id(id) || id == receipts::whoever_is_named)
            return base::fail(base::Errc::config_bad, "directory.authority");
        model::JsonFields fields(value);
        Authority authority;
        authority.name = fields.text("name", name_bytes_max);
        base::Bytes secret = fields.bytes("secret", secret_bytes_min, AuthoritySecret::capacity);
        const base::WipeGuard secret_wiped(secret);
        if (fields.has("webhook")) {
            authority.webhook = read_webhook(fields.object("webhook"));
            if (!authority.webhook) fields.refuse();
        }
        if (fields.has("slip_key")) {
            const auto key = seal::parse_public_jwk(fields.object("slip_key").dump());
            if (!key) return base::fail(base::Errc::config_bad, "directory.slip_key");
            authority.slip_key = key->point;
        }
        if (!fields.ok()) return base::fail(base::Errc::config_bad, "directory.authority");
        authority.secret = AuthoritySecret(secret);
        authorities_.insert_or_assign(id, std::move(authority));
    }
    return {};
}

base::Result<void> Directory::add_names(std::string_view json) {
    const auto parsed = model::parse_json(json, limits::config_bytes_max);
    if (!parsed || !parsed->is_object())
        return base::fail(base::Errc::config_bad, "directory.names");
    TRY_VOID(add_texts(*parsed, "authorities", names_));
    return add_texts(*parsed, "entries", entries_);
}

const Authority* Directory::find(std::string_view id) const {
    const auto found = authorities_.find(id);
    return found == authorities_.end() ? nullptr : &found->second;
}

std::string Directory::name_of(std::string_view id) const {
    if (const Authority* authority = find(id)) return authority->name;
    const auto found = names_.find(id);
    return found == names_.end() ? std::string(id) : found->second;
}

std::string Directory::title_of(std::string_view entry) const {
    const auto found = entries_.find(entry);
    if (entry == model::access_request_entry) return "Auskunft nach Art. 15 DSGVO, § 83 SGB X";
    return found == entries_.end() ? std::string(entry) : found->second;
}

model::Digest handle_of(const Authority& authority, const model::SubjectRef& subject) {
    const base::Bytes input = base::concat({base::as_bytes("handle|"), subject.value});
    return crypto::hmac_sha256(authority.secret.expose(), input);
}

model::Digest match_key_of(const Authority& authority, const model::Person& person) {
    // 0x1F stands in no name, so no two persons give the same text.
    const std::string text =
        "person|" + person.family_name + '\x1F' + person.given_names + '\x1F' + person.birth_date;
    return crypto::hmac_sha256(authority.secret.expose(), base::as_bytes(text));
}

}  // namespace backend
