// SPDX-License-Identifier: EUPL-1.2
#include "tests/unit/sync/backend/fitconnect/fit_double.hpp"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "drivers/base/check.hpp"

namespace test {
namespace {

using Json = nlohmann::json;
using Context = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;

constexpr std::uint64_t day_ms = 86'400'000;
constexpr const char* event_base = "https://schema.fitko.de/fit-connect/events/";

std::string base64url(const unsigned char* bytes, std::size_t size) {
    std::string text(4 * ((size + 2) / 3) + 1, '\0');
    text.resize(static_cast<std::size_t>(EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size))));
    std::erase(text, '=');
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    return text;
}
std::string base64url(std::string_view text) {
    return base64url(reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

std::string from_base64url(std::string text) {
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
    const std::size_t padding = (4 - text.size() % 4) % 4;
    text.append(padding, '=');
    std::string out(text.size() / 4 * 3 + 1, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
    CHECK(size >= 0);
    out.resize(static_cast<std::size_t>(size) - padding);
    return out;
}

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> parts{""};
    for (const char c : text) {
        if (c == '.') {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

std::string number_of(EVP_PKEY* key, const char* name) {
    BIGNUM* value = nullptr;
    CHECK(EVP_PKEY_get_bn_param(key, name, &value) == 1);
    std::vector<unsigned char> bytes(static_cast<std::size_t>(BN_num_bytes(value)));
    BN_bn2bin(value, bytes.data());
    BN_free(value);
    return base64url(bytes.data(), bytes.size());
}

RsaKey new_key() {
    return {EVP_RSA_gen(3'072), EVP_PKEY_free};
}

http::Response json_response(unsigned status, const Json& body) {
    return http::make_response(status, "application/json", body.dump());
}

std::string gcm_open(const std::string& key, const std::string& aad, const std::string& nonce,
                     const std::string& cipher, std::string tag, bool& good) {
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
        EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    const auto bytes = [](const std::string& text) {
        return reinterpret_cast<const unsigned char*>(text.data());
    };
    std::string plain(cipher.size(), '\0');
    int size = 0;
    good = key.size() == 32 && nonce.size() == 12 && tag.size() == 16 &&
           EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(key),
                              bytes(nonce)) == 1 &&
           EVP_DecryptUpdate(context.get(), nullptr, &size, bytes(aad),
                             static_cast<int>(aad.size())) == 1 &&
           EVP_DecryptUpdate(context.get(), reinterpret_cast<unsigned char*>(plain.data()), &size,
                             bytes(cipher), static_cast<int>(cipher.size())) == 1 &&
           EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, 16, tag.data()) == 1 &&
           EVP_DecryptFinal_ex(context.get(), reinterpret_cast<unsigned char*>(plain.data()) + size,
                               &size) == 1;
    return plain;
}

}  // namespace

FitDouble::FitDouble(const port::Clock& clock)
    : clock_(clock), seal_key_(new_key()), sign_key_(new_key()), other_key_(new_key()) {}

void FitDouble::change_keys() {
    seal_key_ = new_key();
    ++generation_;
}

http::Response FitDouble::complain(unsigned status, const std::string& what) {
    complaints.push_back(what);
    return json_response(status, {{"type", "problem"}, {"title", what}});
}

http::Response FitDouble::token(const http::Request& request) {
    const bool fits =
        request.method == http::Method::post &&
        request.header("content-type") == "application/x-www-form-urlencoded" &&
        request.body ==
            "grant_type=client_credentials&client_id=freigabe%20test&client_secret=s%26cr%C3%A9t";
    if (!fits) return complain(401, "token");
    return json_response(200,
                         {{"access_token", "T1"}, {"token_type", "Bearer"}, {"expires_in", 1'800}});
}

http::Response FitDouble::answer(const http::Request& request) {
    forget_old();
    if (request.path == "/oauth/token") return token(request);
    if (request.header("authorization") != "Bearer T1") return complain(401, "authorization");
    const std::vector<std::string> path = request.segments();
    if (path.size() < 2 || path[0] != "v2") return complain(404, "path");
    const bool get = request.method == http::Method::get;
    if (get && path.size() == 3 && path[1] == "destinations" && path[2] == destination) {
        return json_response(200, {{"destinationId", destination},
                                   {"status", active ? "active" : "inactive"},
                                   {"encryptionKid", "seal-" + std::to_string(generation_)},
                                   {"metadataVersions", {"1.3.0"}}});
    }
    if (get && path.size() == 5 && path[1] == "destinations" && path[2] == destination) {
        return key(path[4]);
    }
    if (path[1] == "submissions" && path.size() == 2) return announce(request);
    if (path[1] == "submissions" && path.size() == 3) return submit(path[2], request);
    if (get && path.size() == 4 && path[1] == "cases" && path[3] == "events") {
        return events(path[2]);
    }
    return complain(404, "path " + request.path);
}

http::Response FitDouble::key(const std::string& kid) {
    const bool seals = kid == "seal-" + std::to_string(generation_);
    if (!seals && kid != "sign-verify") return json_response(404, {{"title", "no such key"}});
    EVP_PKEY* const pair = seals ? seal_key_.get() : sign_key_.get();
    return json_response(200, {{"kty", "RSA"},
                               {"kid", kid},
                               {"alg", seals ? "RSA-OAEP-256" : "PS512"},
                               {"key_ops", {seals ? "wrapKey" : "verify"}},
                               {"x5c", {"unused"}},
                               {"n", number_of(pair, "n")},
                               {"e", number_of(pair, "e")}});
}

http::Response FitDouble::announce(const http::Request& request) {
    const Json body = Json::parse(request.body, nullptr, false);
    const bool fits = request.method == http::Method::post &&
                      request.header("content-type") == "application/json" && body.is_object() &&
                      body.size() == 3 && body.value("destinationId", "") == destination &&
                      body.contains("publicService") &&
                      body["publicService"].value("identifier", "").starts_with("urn:de:fim:") &&
                      !body["publicService"].value("name", "").empty() &&
                      body.value("announcedAttachments", Json()) == Json::array();
    if (!fits) return complain(422, "announcement");
    if (!active) return json_response(422, {{"type", "destination-state-invalid"}});
    ++announcements;
    std::array<char, 40> id{};
    std::snprintf(id.data(), id.size(), "00000000-0000-4000-8000-%012x", ++made_);
    std::array<char, 40> case_id{};
    std::snprintf(case_id.data(), case_id.size(), "00000000-0000-4000-9000-%012x", made_);
    Entry& entry = entries_[id.data()];
    entry.case_id = case_id.data();
    entry.announced_ms = clock_.wall_ms();
    logs_[entry.case_id];
    return json_response(
        201,
        {{"submissionId", id.data()}, {"caseId", case_id.data()}, {"destinationId", destination}});
}

http::Response FitDouble::submit(const std::string& id, const http::Request& request) {
    const auto found = entries_.find(id);
    if (found == entries_.end() || found->second.gone) {
        return json_response(404, {{"type", "submission-not-found"}});
    }
    if (request.method != http::Method::put) return complain(405, "method");
    Entry& entry = found->second;
    const Json body = Json::parse(request.body, nullptr, false);
    if (!body.is_object() || body.size() != 2) return complain(400, "submission");
    const std::string metadata = body.value("encryptedMetadata", "");
    const std::string data = body.value("encryptedData", "");
    if (entry.sent) {
        if (metadata != entry.metadata || data != entry.data) complain(409, "other bytes");
        return json_response(409, {{"type", "submission-already-sent"}});
    }
    std::string plain_metadata;
    std::string plain_data;
    if (!open(metadata, plain_metadata) || !open(data, plain_data)) return complain(422, "jwe");
    const Json about = Json::parse(plain_metadata, nullptr, false);
    std::array<unsigned char, SHA512_DIGEST_LENGTH> hash{};
    SHA512(reinterpret_cast<const unsigned char*>(plain_data.data()), plain_data.size(),
           hash.data());
    std::string hex;
    for (const unsigned char byte : hash) {
        std::array<char, 3> two{};
        std::snprintf(two.data(), two.size(), "%02x", byte);
        hex += two.data();
    }
    const Json content = about.value("contentStructure", Json::object());
    const bool fits =
        content.contains("data") && content["data"].contains("hash") &&
        content["data"]["hash"].value("type", "") == "sha512" &&
        content["data"]["hash"].value("content", "") == hex &&
        content["data"]["submissionSchema"].value("mimeType", "") == "application/json" &&
        Json::accept(plain_data);
    if (!fits) return complain(422, "metadata");
    entry.metadata = metadata;
    entry.data = data;
    entry.sent = true;
    entry.sent_ms = clock_.wall_ms();
    logs_[entry.case_id].push_back(sign_set(
        set_payload("https://delivery.test", id, entry, "submit-submission"), other_key_.get()));
    return http::make_response(200, "application/json", "{}");
}

http::Response FitDouble::events(const std::string& case_id) {
    const auto found = logs_.find(case_id);
    if (found == logs_.end()) return json_response(404, {{"type", "case-not-found"}});
    return json_response(200, {{"count", found->second.size()},
                               {"offset", 0},
                               {"totalCount", found->second.size()},
                               {"eventLog", found->second}});
}

void FitDouble::forget_old() {
    const std::uint64_t now = clock_.wall_ms();
    for (auto& [id, entry] : entries_) {
        const bool empty = !entry.sent && now > entry.announced_ms + day_ms;
        const bool unfetched = entry.sent && now > entry.sent_ms + 14 * day_ms;
        if (entry.gone || (!empty && !unfetched)) continue;
        entry.gone = true;
        if (empty) logs_.erase(entry.case_id);
    }
}

void FitDouble::fetch(bool accept) {
    forget_old();
    for (auto& [id, entry] : entries_) {
        if (!entry.sent || entry.gone) continue;
        std::string plain;
        CHECK(open(entry.data, plain));
        if (accept) accepted.push_back(plain);
        entry.gone = true;
        logs_[entry.case_id].push_back(sign_set(
            set_payload(destination, id, entry, accept ? "accept-submission" : "reject-submission"),
            sign_key_.get()));
    }
}

void FitDouble::forge_acceptance(Forgery forgery) {
    for (auto& [id, entry] : entries_) {
        if (!entry.sent) continue;
        Entry other = entry;
        if (forgery == Forgery::other_tags) other.data += "x";
        const bool moved = forgery == Forgery::other_submission;
        const std::string issuer =
            forgery == Forgery::other_issuer ? "https://delivery.test" : destination;
        logs_[entry.case_id].push_back(
            sign_set(set_payload(issuer, moved ? "00000000-0000-4000-8000-ffffffffffff" : id, other,
                                 "accept-submission"),
                     forgery == Forgery::other_key ? other_key_.get() : sign_key_.get()));
    }
}

std::string FitDouble::set_payload(const std::string& issuer, const std::string& id,
                                   const Entry& entry, const std::string& event) {
    const Json tags{{"metadata", split(entry.metadata).back()}, {"data", split(entry.data).back()}};
    return Json{{"$schema", "https://schema.fitko.de/fit-connect/set-payload/1.2.2/"},
                {"jti", id + event},
                {"iss", issuer},
                {"iat", clock_.wall_ms() / 1'000},
                {"sub", "submission:" + id},
                {"txn", "case:" + entry.case_id},
                {"events", {{event_base + event, {{"authenticationTags", tags}}}}}}
        .dump();
}

std::string FitDouble::sign_set(const std::string& payload, EVP_PKEY* by) {
    const std::string input =
        base64url(R"({"alg":"PS512","kid":"sign-verify","typ":"secevent+jwt"})") + "." +
        base64url(payload);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    EVP_PKEY_CTX* key = nullptr;
    CHECK(EVP_DigestSignInit(context.get(), &key, EVP_sha512(), nullptr, by) == 1);
    CHECK(EVP_PKEY_CTX_set_rsa_padding(key, RSA_PKCS1_PSS_PADDING) == 1);
    CHECK(EVP_PKEY_CTX_set_rsa_pss_saltlen(key, 64) == 1);
    std::size_t size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(input.data());
    CHECK(EVP_DigestSign(context.get(), nullptr, &size, bytes, input.size()) == 1);
    std::vector<unsigned char> signature(size);
    CHECK(EVP_DigestSign(context.get(), signature.data(), &size, bytes, input.size()) == 1);
    return input + "." + base64url(signature.data(), size);
}

bool FitDouble::open(const std::string& jwe, std::string& plain) {
    const std::vector<std::string> parts = split(jwe);
    if (parts.size() != 5) return false;
    const Json header = Json::parse(from_base64url(parts[0]), nullptr, false);
    const Json wanted{{"alg", "RSA-OAEP-256"},
                      {"enc", "A256GCM"},
                      {"kid", "seal-" + std::to_string(generation_)},
                      {"cty", "application/json"}};
    if (header != wanted) return false;
    const std::string wrapped = from_base64url(parts[1]);
    const Context context(EVP_PKEY_CTX_new(seal_key_.get(), nullptr), EVP_PKEY_CTX_free);
    CHECK(EVP_PKEY_decrypt_init(context.get()) == 1);
    CHECK(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) == 1);
    CHECK(EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), EVP_sha256()) == 1);
    CHECK(EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), EVP_sha256()) == 1);
    std::string content_key(512, '\0');
    std::size_t size = content_key.size();
    if (EVP_PKEY_decrypt(context.get(), reinterpret_cast<unsigned char*>(content_key.data()), &size,
                         reinterpret_cast<const unsigned char*>(wrapped.data()),
                         wrapped.size()) != 1) {
        return false;
    }
    content_key.resize(size);
    bool good = false;
    plain = gcm_open(content_key, parts[0], from_base64url(parts[2]), from_base64url(parts[3]),
                     from_base64url(parts[4]), good);
    return good;
}

base::Result<http::Response> FitDoubleLine::send(const http::Request& request) {
    const Misfortune misfortune = plan_.seen++ == plan_.at ? plan_.misfortune : Misfortune::none;
    switch (misfortune) {
        case Misfortune::request_lost:
            return base::fail(base::Errc::network_unreachable, "double");
        case Misfortune::server_error:
            return http::make_problem(500, "internal", "internal");
        case Misfortune::unauthorised:
            return http::make_problem(401, "token", "token");
        case Misfortune::crash_before:
            throw Crash{};
        default:
            break;
    }
    http::Response response = service_.answer(request);
    switch (misfortune) {
        case Misfortune::answer_lost:
            return base::fail(base::Errc::network_timeout, "double");
        case Misfortune::unavailable:
            return http::make_problem(503, "busy", "busy");
        case Misfortune::garbage:
            return http::make_response(200, "application/json", "<html>");
        case Misfortune::crash_after:
            throw Crash{};
        default:
            return response;
    }
}

}  // namespace test
