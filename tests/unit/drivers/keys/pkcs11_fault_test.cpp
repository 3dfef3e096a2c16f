// SPDX-License-Identifier: EUPL-1.2
// A token that fails: every call of every use once with every kind of answer, lost sessions, PINs
// near their end, and answers that no token should give. The store ends with a verified signature
// or with a reason, and never tries a PIN twice.
#include <dlfcn.h>

#include <array>

#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/keys/pkcs11_key_store.hpp"
#include "tests/unit/drivers/keys/fault_module.hpp"
#include "tests/unit/drivers/keys/test_token.hpp"

// After the driver's headers: doctest's CHECK replaces the house's own.
#include <doctest/doctest.h>

using base::Errc;
using crypto::Curve;
using keys::Pkcs11KeyStore;

namespace {

/// A token with a journal key behind the module that fails on demand.
struct Faulty {
    Faulty() {
        void* library = ::dlopen(FAULT_MODULE, RTLD_NOW | RTLD_LOCAL);
        REQUIRE(library != nullptr);
        const auto get = reinterpret_cast<FaultPlan* (*)()>(::dlsym(library, "fault_plan"));
        REQUIRE((get != nullptr));
        plan = get();
        *plan = {};
        const auto made = Pkcs11KeyStore::create_key(token.place(), "journal", Curve::p256);
        REQUIRE(made.has_value());
        point = *crypto::parse_point(Curve::p256, *made);
        place = {token.place().uri, FAULT_MODULE};
    }
    ~Faulty() { *plan = {}; }
    Faulty(const Faulty&) = delete;
    Faulty& operator=(const Faulty&) = delete;

    Pkcs11KeyStore open() const {
        auto store = Pkcs11KeyStore::open(place);
        REQUIRE(store.has_value());
        return std::move(*store);
    }
    /// From here on: nothing counted, nothing planned.
    void start() const { *plan = {}; }
    [[nodiscard]] bool good(const base::Result<base::Bytes>& signature) const {
        return signature && crypto::ecdsa_verify(point, digest, *signature);
    }

    keys_test::TestToken token;
    FaultPlan* plan = nullptr;
    crypto::Point point{Curve::p256, {}};
    keys::TokenPlace place;
    base::Bytes digest = base::Bytes(32, 0x11);
};

constexpr std::array<CK_RV, 12> answers{
    CKR_GENERAL_ERROR,    CKR_FUNCTION_FAILED,   CKR_DEVICE_ERROR,
    CKR_DEVICE_REMOVED,   CKR_HOST_MEMORY,       CKR_SESSION_HANDLE_INVALID,
    CKR_SESSION_CLOSED,   CKR_TOKEN_NOT_PRESENT, CKR_USER_NOT_LOGGED_IN,
    CKR_OPERATION_ACTIVE, CKR_BUFFER_TOO_SMALL,  CKR_MECHANISM_INVALID};

}  // namespace

TEST_CASE_FIXTURE(Faulty, "token fault: any call of a first use may fail, and the next use works") {
    unsigned calls = 0;
    {
        start();
        auto store = open();
        REQUIRE(good(store.sign_digest("journal", digest)));
        calls = plan->calls;
    }
    CHECK(calls > 20);
    for (const CK_RV answer : answers) {
        for (unsigned at = 1; at <= calls; ++at) {
            CAPTURE(answer);
            CAPTURE(at);
            start();
            plan->fail_at = at;
            plan->answer = answer;
            auto store = Pkcs11KeyStore::open(place);
            if (!store) continue;
            const auto signature = store->sign_digest("journal", digest);
            if (signature) {
                CHECK(good(signature));
            } else {
                CHECK(std::string_view(signature.error().where).starts_with("token"));
            }
            plan->fail_at = 0;
            CHECK(good(store->sign_digest("journal", digest)));
            CHECK(plan->logins <= 3);
        }
    }
}

TEST_CASE_FIXTURE(Faulty, "token fault: a lost session is opened anew once, within the call") {
    auto store = open();
    REQUIRE(good(store.sign_digest("journal", digest)));
    for (const CK_RV answer :
         {CKR_SESSION_HANDLE_INVALID, CKR_SESSION_CLOSED, CKR_USER_NOT_LOGGED_IN,
          CKR_KEY_HANDLE_INVALID, CKR_OBJECT_HANDLE_INVALID, CKR_DEVICE_REMOVED,
          CKR_TOKEN_NOT_PRESENT, CKR_DEVICE_ERROR}) {
        CAPTURE(answer);
        start();
        plan->fail_at = 1;
        plan->answer = answer;
        CHECK(good(store.sign_digest("journal", digest)));
        CHECK(plan->logins == 1);
        // Twice in one call is a failure of the token: reported, and not tried on and on.
        start();
        plan->fail_at = 1;
        plan->fail_for = 1'000;
        plan->answer = answer;
        const auto failed = store.sign_digest("journal", digest);
        REQUIRE_FALSE(failed.has_value());
        CHECK(failed.error().detail == answer);
        CHECK(plan->calls < 20);
        start();
        CHECK(good(store.sign_digest("journal", digest)));
    }
}

TEST_CASE_FIXTURE(Faulty, "token fault: sessions that the token really closed are no obstacle") {
    auto store = open();
    REQUIRE(good(store.sign_digest("journal", digest)));
    for (int round = 0; round < 3; ++round) {
        start();
        plan->drop_sessions = true;
        CHECK(good(store.sign_digest("journal", digest)));
        CHECK(plan->logins == 1);
    }
}

TEST_CASE_FIXTURE(Faulty, "token fault: a pulled token is absent, and back when it is back") {
    auto store = open();
    REQUIRE(store.public_point("journal").has_value());
    start();
    plan->fail_at = 1;
    plan->fail_for = 1'000;
    plan->answer = CKR_TOKEN_NOT_PRESENT;
    CHECK(store.sign_digest("journal", digest).error().code == Errc::device_absent);
    CHECK(store.sign_digest("journal", digest).error().code == Errc::device_absent);
    CHECK(store.public_point("journal").has_value());
    start();
    CHECK(good(store.sign_digest("journal", digest)));
}

TEST_CASE_FIXTURE(Faulty, "token fault: another key under the same name is noticed") {
    auto store = open();
    REQUIRE(good(store.sign_digest("journal", digest)));
    token.destroy("journal");
    REQUIRE(Pkcs11KeyStore::create_key(token.place(), "journal", Curve::p256).has_value());
    start();
    plan->drop_sessions = true;
    const auto refused = store.sign_digest("journal", digest);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::key_bad);
    CHECK(std::string_view(refused.error().where) ==
          "token has another key of this name than before");
}

TEST_CASE_FIXTURE(Faulty, "token PIN: refused once, it is not tried again by any later call") {
    auto store = open();
    REQUIRE(good(store.sign_digest("journal", digest)));
    token.write_pin("999999\n");
    start();
    plan->drop_sessions = true;
    const auto refused = store.sign_digest("journal", digest);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::config_bad);
    CHECK(refused.error().detail == CKR_PIN_INCORRECT);
    CHECK(plan->logins == 1);
    token.write_pin("271828\n");
    for (int call = 0; call < 3; ++call) {
        CHECK(store.sign_digest("journal", digest).error().detail == CKR_PIN_INCORRECT);
    }
    CHECK(plan->logins == 1);
}

TEST_CASE_FIXTURE(Faulty,
                  "token PIN: locked is said without a try, and the last try is left alone") {
    const auto refusal = [&](CK_FLAGS flags) {
        start();
        plan->token_flags = flags;
        const auto store = Pkcs11KeyStore::open(place);
        REQUIRE_FALSE(store.has_value());
        CHECK(store.error().code == Errc::key_bad);
        CHECK(plan->logins == 0);
        return std::string(store.error().where);
    };
    CHECK(refusal(CKF_USER_PIN_LOCKED) == "token PIN locked");
    CHECK(refusal(CKF_USER_PIN_FINAL_TRY) == "token PIN has one try left");
    start();
    plan->token_flags = CKF_USER_PIN_COUNT_LOW;
    CHECK(Pkcs11KeyStore::open(place).has_value());
}

TEST_CASE_FIXTURE(Faulty, "token answers: a bare point is taken, and what cannot be is refused") {
    const auto code = [&] {
        auto store = Pkcs11KeyStore::open(place);
        if (!store) return store.error().code;
        return store->sign_digest("journal", digest).error().code;
    };
    start();
    plan->bare_point = true;
    {
        auto store = open();
        CHECK(good(store.sign_digest("journal", digest)));
        CHECK(*store.public_point("journal") == point.bytes);
    }
    start();
    plan->bad_signature = true;
    CHECK(code() == Errc::crypto_failed);
    for (const CK_ULONG growth : {CK_ULONG{1}, CK_ULONG{1'000}, ~CK_ULONG{0} - 64}) {
        start();
        plan->signature_growth = growth;
        CHECK(code() == Errc::crypto_failed);
        start();
        plan->attribute_growth = growth;
        CHECK(code() == Errc::key_bad);
    }
    for (const CK_ULONG growth : {CK_ULONG{63}, CK_ULONG{1'000'000}}) {
        start();
        plan->slots_growth = growth;
        CHECK(code() == Errc::device_failed);
    }
}
