// SPDX-License-Identifier: EUPL-1.2
#include "drivers/keys/pkcs11_key_store.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/keys/ec_attribute.hpp"
#include "drivers/keys/pkcs11_session.hpp"

namespace keys {
namespace {

using base::Errc;

// CKA_ID of a key that we make: enough of a SHA-256 to differ from every other.
constexpr std::size_t id_bytes = 20;

struct TokenKey {
    CK_OBJECT_HANDLE handle = CK_INVALID_HANDLE;
    crypto::Point point;
};

Attributes& private_key_called(Attributes& match, std::string_view name) {
    return match.number(CKA_CLASS, CKO_PRIVATE_KEY)
        .number(CKA_KEY_TYPE, CKK_EC)
        .flag(CKA_TOKEN, CK_TRUE)
        .bytes(CKA_LABEL, base::as_bytes(name));
}

/// ECDSA takes the leftmost bits of a digest; not every token cuts by itself. The order of each of
/// our curves but P-521 has a multiple of eight bits, and no digest is longer than that one's.
base::ByteView cut(base::ByteView digest, crypto::Curve curve) {
    return digest.first(std::min(digest.size(), crypto::curve_bytes(curve)));
}

/// A key that its owner could copy, or that the token would ask for the PIN each time.
base::Result<void> check_rules(Pkcs11Session& session, CK_OBJECT_HANDLE key) {
    TRY(sensitive, session.flag(key, CKA_SENSITIVE));
    TRY(extractable, session.flag(key, CKA_EXTRACTABLE));
    if (!sensitive || extractable) return base::fail(Errc::key_bad, "key may leave the token");
    // Older tokens do not know this attribute and therefore do not ask.
    const auto always_asks = session.flag(key, CKA_ALWAYS_AUTHENTICATE);
    if (always_asks && *always_asks)
        return base::fail(Errc::key_bad, "key wants its PIN each time");
    return {};
}

/// The point stands in the public key with the same id; some tokens have it at the private one.
base::Result<crypto::Point> read_point(Pkcs11Session& session, CK_OBJECT_HANDLE key,
                                       std::string_view name) {
    TRY(params, session.attribute(key, CKA_EC_PARAMS));
    const auto curve = curve_of_ec_params(params);
    if (!curve) return base::fail(Errc::key_bad, "curve of the token key");
    TRY(id, session.attribute(key, CKA_ID));
    Attributes match;
    match.number(CKA_CLASS, CKO_PUBLIC_KEY).number(CKA_KEY_TYPE, CKK_EC);
    if (id.empty())
        match.bytes(CKA_LABEL, base::as_bytes(name));
    else
        match.bytes(CKA_ID, id);
    TRY(found, session.find(match, 1));
    TRY(value, session.attribute(found.empty() ? key : found.front(), CKA_EC_POINT));
    return point_of_ec_point(*curve, value);
}

base::Result<base::Bytes> sign_with(Pkcs11Session& session, const TokenKey& key,
                                    base::ByteView digest) {
    const crypto::Curve curve = key.point.curve;
    TRY(signature, session.sign(key.handle, cut(digest, curve), 2 * crypto::curve_bytes(curve)));
    if (!crypto::ecdsa_verify(key.point, digest, signature)) {
        return base::fail(Errc::crypto_failed, "token signature does not verify");
    }
    return signature;
}

}  // namespace

/// The token behind a store, with what is known about it. Its own class because a lost session
/// takes all handles with it, but neither the points that were seen nor a refused PIN.
class Pkcs11KeyStore::Token {
  public:
    static base::Result<std::unique_ptr<Token>> open(const TokenPlace& place, SessionAccess access);

    base::Result<base::Bytes> point(std::string_view name);
    base::Result<base::Bytes> sign(std::string_view name, base::ByteView digest);
    base::Result<void> create(std::string_view name, crypto::Curve curve);

  private:
    Token(TokenUri uri, Pkcs11Module module, SessionAccess access)
        : uri_(std::move(uri)), module_(std::move(module)), access_(access) {}

    base::Result<void> connect();
    base::Result<void> log_in(const FoundToken& token, Pkcs11Session& session);
    base::Result<const TokenKey*> key(std::string_view name);
    base::Result<TokenKey> load(std::string_view name);
    void forget_session();
    template <class Call>
    auto again_if_lost(Call call) -> decltype(call());

    TokenUri uri_;
    Pkcs11Module module_;  ///< outlives the session
    SessionAccess access_;
    std::optional<Pkcs11Session> session_;
    std::map<std::string, TokenKey, std::less<>> keys_;  ///< of this session
    std::map<std::string, crypto::Point, std::less<>> points_;
    std::optional<base::Error> refused_;  ///< of the PIN: not to be tried again
};

base::Result<std::unique_ptr<Pkcs11KeyStore::Token>> Pkcs11KeyStore::Token::open(
    const TokenPlace& place, SessionAccess access) {
    TRY(uri, TokenUri::parse(place));
    TRY(module, Pkcs11Module::load(uri));
    std::unique_ptr<Token> out(new Token(std::move(uri), std::move(module), access));
    TRY_VOID(out->connect());
    return out;
}

base::Result<void> Pkcs11KeyStore::Token::connect() {
    if (session_) return {};
    if (refused_) return tl::unexpected(*refused_);
    TRY(token, module_.find(uri_));
    TRY(opened, Pkcs11Session::open(token, access_));
    if ((token.flags & CKF_LOGIN_REQUIRED) != 0) TRY_VOID(log_in(token, opened));
    session_.emplace(std::move(opened));
    return {};
}

base::Result<void> Pkcs11KeyStore::Token::log_in(const FoundToken& token, Pkcs11Session& session) {
    if ((token.flags & CKF_USER_PIN_LOCKED) != 0) {
        return base::fail(Errc::key_bad, "token PIN locked", CKR_PIN_LOCKED);
    }
    // A program that starts again and again must not be what locks the token.
    if ((token.flags & CKF_USER_PIN_FINAL_TRY) != 0) {
        return base::fail(Errc::key_bad, "token PIN has one try left");
    }
    TRY(pin, uri_.read_pin());
    auto done = session.login(pin);
    if (!done && (done.error().code == Errc::config_bad || done.error().code == Errc::key_bad)) {
        refused_ = done.error();
    }
    return done;
}

void Pkcs11KeyStore::Token::forget_session() {
    keys_.clear();
    session_.reset();
}

template <class Call>
auto Pkcs11KeyStore::Token::again_if_lost(Call call) -> decltype(call()) {
    const bool had_session = session_.has_value();
    auto result = call();
    if (!result && had_session && is_session_lost(result.error())) {
        forget_session();
        result = call();
    }
    // A C_ call that failed may have left an operation half done; the next call starts afresh.
    if (!result && result.error().detail != 0) forget_session();
    return result;
}

base::Result<const TokenKey*> Pkcs11KeyStore::Token::key(std::string_view name) {
    TRY_VOID(connect());
    const auto known = keys_.find(name);
    if (known != keys_.end()) return &known->second;
    TRY(loaded, load(name));
    const auto before = points_.find(name);
    if (before == points_.end()) {
        points_.emplace(name, loaded.point);
    } else if (!base::equal(before->second.bytes, loaded.point.bytes)) {
        return base::fail(Errc::key_bad, "token has another key of this name than before");
    }
    return &keys_.emplace(name, std::move(loaded)).first->second;
}

base::Result<TokenKey> Pkcs11KeyStore::Token::load(std::string_view name) {
    if (name.empty() || (!uri_.object().empty() && uri_.object() != name)) {
        return base::fail(Errc::key_bad, "key name");
    }
    Attributes match;
    private_key_called(match, name);
    if (!uri_.id().empty()) match.bytes(CKA_ID, uri_.id());
    TRY(found, session_->find(match, 1));
    if (found.empty()) return base::fail(Errc::key_bad, "key name");
    TRY_VOID(check_rules(*session_, found.front()));
    TRY(point, read_point(*session_, found.front(), name));
    TokenKey key{found.front(), std::move(point)};
    // What a stranger labelled must not become the terminal's public key.
    TRY_VOID(sign_with(*session_, key, crypto::sha256(base::as_bytes("freigabe key check"))));
    return key;
}

base::Result<base::Bytes> Pkcs11KeyStore::Token::point(std::string_view name) {
    const auto known = points_.find(name);
    if (known != points_.end()) return known->second.bytes;
    return again_if_lost([&]() -> base::Result<base::Bytes> {
        TRY(found, key(name));
        return found->point.bytes;
    });
}

base::Result<base::Bytes> Pkcs11KeyStore::Token::sign(std::string_view name,
                                                      base::ByteView digest) {
    return again_if_lost([&]() -> base::Result<base::Bytes> {
        TRY(found, key(name));
        return sign_with(*session_, *found, digest);
    });
}

base::Result<void> Pkcs11KeyStore::Token::create(std::string_view name, crypto::Curve curve) {
    TRY_VOID(connect());
    const auto hash = crypto::sha256(base::as_bytes(name));
    const auto id = base::ByteView(hash).first(id_bytes);
    // Neither the name nor, left over from an earlier pair, a public half with its id.
    Attributes same_name;
    TRY(named, session_->find(private_key_called(same_name, name), 1));
    Attributes same_id;
    TRY(identified, session_->find(same_id.bytes(CKA_ID, id), 1));
    if (!named.empty() || !identified.empty()) return base::fail(Errc::key_bad, "key is there");
    Attributes public_key;
    public_key.number(CKA_KEY_TYPE, CKK_EC)
        .flag(CKA_TOKEN, CK_TRUE)
        .flag(CKA_PRIVATE, CK_FALSE)
        .flag(CKA_VERIFY, CK_TRUE)
        .bytes(CKA_EC_PARAMS, ec_params(curve))
        .bytes(CKA_LABEL, base::as_bytes(name))
        .bytes(CKA_ID, id);
    Attributes private_key;
    private_key.number(CKA_KEY_TYPE, CKK_EC)
        .flag(CKA_TOKEN, CK_TRUE)
        .flag(CKA_PRIVATE, CK_TRUE)
        .flag(CKA_SENSITIVE, CK_TRUE)
        .flag(CKA_EXTRACTABLE, CK_FALSE)
        .flag(CKA_SIGN, CK_TRUE)
        .bytes(CKA_LABEL, base::as_bytes(name))
        .bytes(CKA_ID, id);
    return session_->generate(public_key, private_key);
}

base::Result<Pkcs11KeyStore> Pkcs11KeyStore::open(const TokenPlace& place) {
    TRY(token, Token::open(place, SessionAccess::read_only));
    return Pkcs11KeyStore(std::move(token));
}

base::Result<base::Bytes> Pkcs11KeyStore::create_key(const TokenPlace& place,
                                                     std::string_view key_name,
                                                     crypto::Curve curve) {
    if (!key_name_ok(key_name)) return base::fail(Errc::config_bad, "key name");
    TRY(token, Token::open(place, SessionAccess::read_write));
    TRY_VOID(token->create(key_name, curve));
    return token->point(key_name);
}

Pkcs11KeyStore::Pkcs11KeyStore(std::unique_ptr<Token> token) : token_(std::move(token)) {}
Pkcs11KeyStore::Pkcs11KeyStore(Pkcs11KeyStore&&) noexcept = default;
Pkcs11KeyStore& Pkcs11KeyStore::operator=(Pkcs11KeyStore&&) noexcept = default;
Pkcs11KeyStore::~Pkcs11KeyStore() = default;

base::Result<base::Bytes> Pkcs11KeyStore::public_point(std::string_view key_name) {
    return token_->point(key_name);
}

base::Result<base::Bytes> Pkcs11KeyStore::sign_digest(std::string_view key_name,
                                                      base::ByteView digest) {
    if (digest.size() < 20 || digest.size() > 64) {
        return base::fail(Errc::crypto_failed, "digest size");
    }
    return token_->sign(key_name, digest);
}

}  // namespace keys
