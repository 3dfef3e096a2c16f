// SPDX-License-Identifier: EUPL-1.2
// The store against a real token: keys made there, signatures, what never comes out, and what is
// said when token, PIN or key are not what they should be.
#include "drivers/keys/pkcs11_key_store.hpp"

#include <sys/stat.h>

#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/keys/ec_attribute.hpp"
#include "drivers/keys/pkcs11_session.hpp"
#include "tests/unit/drivers/keys/test_token.hpp"

// After the driver's headers: doctest's CHECK replaces the house's own.
#include <doctest/doctest.h>

using base::Errc;
using crypto::Curve;
using keys::Pkcs11KeyStore;
using keys_test::TestToken;

namespace {

Pkcs11KeyStore open(const keys::TokenPlace& place) {
    auto store = Pkcs11KeyStore::open(place);
    if (!store) FAIL(store.error().where, " ", store.error().detail);
    return std::move(*store);
}

base::Error refusal(const keys::TokenPlace& place) {
    const auto store = Pkcs11KeyStore::open(place);
    REQUIRE_FALSE(store.has_value());
    return store.error();
}

/// A session of the test's own, logged in.
struct RawSession {
    explicit RawSession(const keys::TokenPlace& place)
        : uri(std::move(*keys::TokenUri::parse(place))),
          module(std::move(*keys::Pkcs11Module::load(uri))),
          session(std::move(
              *keys::Pkcs11Session::open(*module.find(uri), keys::SessionAccess::read_write))) {
        REQUIRE(session.login(*uri.read_pin()).has_value());
    }
    std::vector<CK_OBJECT_HANDLE> find(CK_OBJECT_CLASS kind, std::string_view label) {
        keys::Attributes match;
        match.number(CKA_CLASS, kind).bytes(CKA_LABEL, base::as_bytes(label));
        auto found = session.find(match, 8);
        REQUIRE(found.has_value());
        return *found;
    }
    /// A pair that our own create_key would not make.
    void generate(std::string_view label, CK_BBOOL sensitive, CK_BBOOL extractable,
                  std::uint8_t id) {
        keys::Attributes open_half;
        open_half.flag(CKA_TOKEN, CK_TRUE)
            .bytes(CKA_EC_PARAMS, keys::ec_params(Curve::p256))
            .bytes(CKA_LABEL, base::as_bytes(label))
            .bytes(CKA_ID, base::Bytes{id});
        keys::Attributes secret_half;
        secret_half.flag(CKA_TOKEN, CK_TRUE)
            .flag(CKA_PRIVATE, CK_TRUE)
            .flag(CKA_SIGN, CK_TRUE)
            .flag(CKA_SENSITIVE, sensitive)
            .flag(CKA_EXTRACTABLE, extractable)
            .bytes(CKA_LABEL, base::as_bytes(label))
            .bytes(CKA_ID, base::Bytes{id});
        REQUIRE(session.generate(open_half, secret_half).has_value());
    }

    keys::TokenUri uri;
    keys::Pkcs11Module module;
    keys::Pkcs11Session session;
};

}  // namespace

TEST_CASE("token keys: made on the token, found again, and their signatures verify") {
    const TestToken token;
    for (const auto& row :
         {std::pair{"journal", Curve::p256}, std::pair{"terminal", Curve::brainpool_p256r1},
          std::pair{"large", Curve::brainpool_p512r1}, std::pair{"odd", Curve::p521}}) {
        const char* name = row.first;
        const Curve curve = row.second;
        CAPTURE(name);
        const auto made = Pkcs11KeyStore::create_key(token.place(), name, curve);
        REQUIRE(made.has_value());
        auto store = open(token.place());
        const auto point = store.public_point(name);
        REQUIRE(point.has_value());
        CHECK(*point == *made);
        const auto key = crypto::parse_point(curve, *point);
        REQUIRE(key.has_value());
        for (const std::size_t size : {20U, 32U, 48U, 64U}) {
            const base::Bytes digest(size, 0xA5);
            const auto signature = store.sign_digest(name, digest);
            REQUIRE(signature.has_value());
            CHECK(signature->size() == 2 * crypto::curve_bytes(curve));
            CHECK(crypto::ecdsa_verify(*key, digest, *signature));
        }
        CHECK(store.sign_digest(name, base::Bytes(19)).error().code == Errc::crypto_failed);
        CHECK(store.sign_digest(name, base::Bytes(65)).error().code == Errc::crypto_failed);
    }
}

TEST_CASE("token keys: the private value cannot be read, and the token says so itself") {
    const TestToken token;
    REQUIRE(Pkcs11KeyStore::create_key(token.place(), "journal", Curve::p256).has_value());
    RawSession raw(token.place());
    const auto found = raw.find(CKO_PRIVATE_KEY, "journal");
    REQUIRE(found.size() == 1);
    const auto value = raw.session.attribute(found[0], CKA_VALUE);
    REQUIRE_FALSE(value.has_value());
    CHECK(value.error().code == Errc::key_bad);
    CHECK(value.error().detail == CKR_ATTRIBUTE_SENSITIVE);
    CHECK(*raw.session.flag(found[0], CKA_SENSITIVE));
    CHECK(*raw.session.flag(found[0], CKA_ALWAYS_SENSITIVE));
    CHECK_FALSE(*raw.session.flag(found[0], CKA_EXTRACTABLE));
    CHECK(*raw.session.flag(found[0], CKA_NEVER_EXTRACTABLE));
}

TEST_CASE("token keys: a key that may leave the token is refused") {
    const TestToken token;
    RawSession raw(token.place());
    raw.generate("open", CK_FALSE, CK_TRUE, 1);
    raw.generate("wrapped-out", CK_TRUE, CK_TRUE, 2);
    raw.generate("readable", CK_FALSE, CK_FALSE, 3);
    raw.generate("good", CK_TRUE, CK_FALSE, 4);
    auto store = open(token.place());
    for (const char* name : {"open", "wrapped-out", "readable"}) {
        CAPTURE(name);
        const auto point = store.public_point(name);
        REQUIRE_FALSE(point.has_value());
        CHECK(std::string_view(point.error().where) == "key may leave the token");
        CHECK_FALSE(store.sign_digest(name, base::Bytes(32)).has_value());
    }
    CHECK(store.public_point("good").has_value());
}

TEST_CASE("token keys: no name, an unknown name, a name twice, a public half of another key") {
    const TestToken token;
    RawSession raw(token.place());
    raw.generate("twice", CK_TRUE, CK_FALSE, 1);
    raw.generate("twice", CK_TRUE, CK_FALSE, 2);
    raw.generate("same-id", CK_TRUE, CK_FALSE, 3);
    raw.generate("as-well", CK_TRUE, CK_FALSE, 3);
    auto store = open(token.place());
    for (const char* name : {"", "journal", "twice", "same-id"}) {
        CAPTURE(name);
        CHECK(store.public_point(name).error().code == Errc::key_bad);
        CHECK(store.sign_digest(name, base::Bytes(32)).error().code == Errc::key_bad);
    }
    // An id in the URI makes one of the two.
    CHECK(open(token.place(";id=%02")).public_point("twice").has_value());
}

TEST_CASE("token keys: an object in the URI lets only that key through") {
    const TestToken token;
    REQUIRE(Pkcs11KeyStore::create_key(token.place(), "journal", Curve::p256).has_value());
    REQUIRE(Pkcs11KeyStore::create_key(token.place(), "terminal", Curve::p256).has_value());
    auto store = open(token.place(";object=terminal;type=private"));
    CHECK(store.public_point("terminal").has_value());
    CHECK(store.public_point("journal").error().code == Errc::key_bad);
}

TEST_CASE("token keys: a name is made once, and only a good one") {
    const TestToken token;
    const auto first = Pkcs11KeyStore::create_key(token.place(), "journal", Curve::p256);
    REQUIRE(first.has_value());
    const auto again = Pkcs11KeyStore::create_key(token.place(), "journal", Curve::p256);
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().code == Errc::key_bad);
    CHECK(*open(token.place()).public_point("journal") == *first);
    for (const char* name : {"", "UPPER", "a/b", "a b"}) {
        CHECK(Pkcs11KeyStore::create_key(token.place(), name, Curve::p256).error().code ==
              Errc::config_bad);
    }
}

TEST_CASE("token: by p11-kit's configuration, by module name, absent, ambiguous, no module") {
    TestToken token;
    const std::string pin = "?pin-source=" + token.pin_file().string();
    CHECK(Pkcs11KeyStore::open({"pkcs11:token=freigabe" + pin, ""}).has_value());
    CHECK(Pkcs11KeyStore::open({"pkcs11:token=freigabe" + pin + "&module-name=softhsm2", ""})
              .has_value());
    CHECK(refusal({"pkcs11:token=freigabe" + pin + "&module-name=nobody", ""}).code ==
          Errc::config_bad);
    const std::string module(keys_test::softhsm_module);
    CHECK(refusal({"pkcs11:token=other" + pin, module}).code == Errc::device_absent);
    CHECK(refusal({"pkcs11:token=freigabe;manufacturer=nobody" + pin, module}).code ==
          Errc::device_absent);
    CHECK(refusal({"pkcs11:token=freigabe" + pin, "/nowhere.so"}).code == Errc::config_bad);
    CHECK(refusal({"pkcs11:token=freigabe" + pin, token.pin_file().string()}).code ==
          Errc::config_bad);
    CHECK(Pkcs11KeyStore::open({"pkcs11:" + pin, module}).has_value());
    token.add("second");
    CHECK(std::string_view(refusal({"pkcs11:" + pin, module}).where) ==
          "token URI fits several tokens");
    CHECK(Pkcs11KeyStore::open({"pkcs11:token=second" + pin, module}).has_value());
}

TEST_CASE("token: a wrong PIN and an open PIN file are said as such") {
    TestToken token;
    token.write_pin("000000\n");
    const auto wrong = refusal(token.place());
    CHECK(wrong.code == Errc::config_bad);
    CHECK(wrong.detail == CKR_PIN_INCORRECT);
    token.write_pin("271828\n");
    CHECK(Pkcs11KeyStore::open(token.place()).has_value());
    REQUIRE(::chmod(token.pin_file().c_str(), 0644) == 0);
    CHECK(refusal(token.place()).code == Errc::key_bad);
}

TEST_CASE("token keys: two stores of one program share the token, and one may go first") {
    const TestToken token;
    REQUIRE(Pkcs11KeyStore::create_key(token.place(), "journal", Curve::p256).has_value());
    auto staying = open(token.place());
    {
        auto going = open(token.place());
        CHECK(going.sign_digest("journal", base::Bytes(32)).has_value());
    }
    CHECK(staying.sign_digest("journal", base::Bytes(32)).has_value());
}

TEST_CASE("key place: files without a token, the token if it is named, and no falling back") {
    const TestToken token;
    crypto::SystemRandom random;
    const auto made = Pkcs11KeyStore::create_key(token.place(), "journal", Curve::p256);
    REQUIRE(made.has_value());
    const auto files = keys::open_key_store({token.folder(), {}}, random);
    REQUIRE(files.has_value());
    CHECK_FALSE((*files)->public_point("journal").has_value());
    const auto on_token = keys::open_key_store({token.folder(), token.place()}, random);
    REQUIRE(on_token.has_value());
    CHECK(*(*on_token)->public_point("journal") == *made);
    const auto absent = keys::open_key_store(
        {token.folder(), {"pkcs11:token=pulled", std::string(keys_test::softhsm_module)}}, random);
    REQUIRE_FALSE(absent.has_value());
    CHECK(absent.error().code == Errc::device_absent);
}
