// SPDX-License-Identifier: EUPL-1.2
// Leaves, heads, scope tags and slip codes.
#include "sync/seal/chain.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/seal/scope_tags.hpp"
#include "sync/seal/slip_code.hpp"
#include "tests/fakes/journal_world.hpp"

using base::Errc;

namespace {

struct Fixture {
    fakes::SeededRandom random{1};
    crypto::KeyPair key = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair other = crypto::generate_key(crypto::Curve::p256, random);
    seal::PairSigner signer{key, random};
};

model::Record record() {
    model::Record out;
    model::Scopes scopes;
    scopes.declaration = base::Uuid({1});
    out.scopes = model::encode(scopes);
    out.jwe = "sealed";
    model::Header header;
    header.key = {base::Uuid({2}), 1, 1};
    header.scopes_sha256 = crypto::sha256(out.scopes);
    header.jwe_sha256 = crypto::sha256(base::as_bytes(out.jwe));
    out.header = model::encode(header);
    return out;
}

}  // namespace

TEST_CASE("chain: the leaf of an empty header is that of RFC 6962") {
    CHECK(base::to_hex(seal::leaf_hash({})) ==
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

TEST_CASE("chain: a record's parts belong together") {
    const model::Record good = record();
    const auto checked = seal::check_record(good);
    REQUIRE(checked.has_value());
    CHECK(checked->leaf == seal::leaf_hash(good.header));
    model::Record bad = good;
    SUBCASE("other ciphertext") {
        bad.jwe = "Sealed";
    }
    SUBCASE("other scopes") {
        bad.scopes.back() ^= 1;
    }
    SUBCASE("broken scopes") {
        bad.scopes.pop_back();
    }
    SUBCASE("broken header") {
        bad.header.pop_back();
    }
    CHECK(seal::check_record(bad).error().code == Errc::record_bad);
}

TEST_CASE("chain: a signed head names terminal, place and leaf") {
    Fixture f;
    const seal::Head head{{base::Uuid({2}), 3, 4}, {5}};
    const std::string jws = *seal::sign_head(head, f.signer);
    CHECK(*seal::verify_head(jws, f.key.point) == head);
    CHECK(*seal::parse_head(jws) == head);
    CHECK(seal::verify_head(jws, f.other.point).error().code == Errc::signature_bad);
    const auto sign = [&](std::string typ, std::string kid, std::string_view payload) {
        return *seal::sign_compact({std::move(typ), std::move(kid), "", {}},
                                   base::as_bytes(payload), f.signer);
    };
    const std::string terminal = base::to_text(head.key.terminal);
    const std::string payload(base::as_text(seal::parse_compact(jws)->payload));
    CHECK(seal::verify_head(sign(std::string(seal::typ_head), terminal, payload), f.key.point)
              .has_value());
    CHECK_FALSE(seal::verify_head(sign("other", terminal, payload), f.key.point).has_value());
    CHECK_FALSE(seal::verify_head(sign(std::string(seal::typ_head), "t", payload), f.key.point)
                    .has_value());
    CHECK_FALSE(seal::verify_head(sign(std::string(seal::typ_head), terminal, "{}"), f.key.point)
                    .has_value());
}

TEST_CASE("scope tags: fixed by the format, and each names another thing") {
    const seal::SubjectKey key = seal::subject_key(base::Bytes(32, 7));
    // Computed with `openssl kdf` and `openssl mac` from the same inputs.
    CHECK(base::to_hex(key.expose()) ==
          "38369daecfe882f042be1a01abb80f412d35ca1378bf43f2dc605b503ca92d03");
    using model::AuthorityId;
    using model::EntryId;
    const auto er = [&](const char* entry, const char* recipient) {
        return seal::tag_entry_recipient(key, EntryId(entry), AuthorityId(recipient));
    };
    CHECK(base::to_hex(er("JBA-01", "a")) ==
          "f369d1989e6d23aab941754616c45d1187b48943625fed4383113d916c6a76fa");
    CHECK(er("JBA-01", "a") != er("JBA-01", "b"));
    CHECK(er("JBA-01", "a") != er("JBA-02", "a"));
    CHECK(seal::tag_recipient(key, AuthorityId("a")) != seal::tag_subject(key));
    CHECK(seal::tag_subject(key) != seal::tag_subject(seal::subject_key(base::Bytes(32, 8))));
}

TEST_CASE("scope tags: parts follow the recipients, targets follow the targets") {
    model::Declaration grant = fakes::consent(7, {"a", "b"});
    grant.id = base::Uuid({1});
    grant.slip_hash = model::Digest{2};
    const model::Scopes scopes = seal::scopes_of(grant);
    const seal::SubjectKey key = seal::subject_key(fakes::pseudonym_of(7));
    CHECK(scopes.declaration == grant.id);
    CHECK(scopes.tag_s == seal::tag_subject(key));
    REQUIRE(scopes.parts.size() == 2);
    CHECK(scopes.parts[1].tag_sr == seal::tag_recipient(key, model::AuthorityId("b")));
    CHECK(scopes.targets.empty());
    CHECK(scopes.slip_hash == model::Digest{2});

    model::Declaration back = fakes::withdrawal_of(7, base::Uuid({9}));
    back.subject.reset();
    const model::Scopes by_slip = seal::scopes_of(back);
    CHECK(by_slip.tag_s == model::Digest{});
    CHECK(by_slip.parts.empty());
    REQUIRE(by_slip.targets.size() == 1);
    CHECK(by_slip.targets[0].value == model::declaration_value(base::Uuid({9})));
}

TEST_CASE("slip code: signed by the terminal, usable by whoever holds the secret") {
    Fixture f;
    const base::Bytes bytes(16, 3);
    const model::SlipSecret secret{base::ByteView(bytes)};
    model::CheckCode code{base::Uuid({1}),
                          base::Uuid({2}),
                          std::chrono::year(2025) / 11 / 24,
                          {},
                          seal::slip_hash(secret)};
    const std::string check = *seal::sign_check(code, f.signer);
    CHECK(*seal::verify_check(check, f.key.point) == code);
    CHECK(seal::verify_check(check, f.other.point).error().code == Errc::slip_bad);
    CHECK(*seal::read_check(check) == code);
    CHECK(seal::read_check("x").error().code == Errc::slip_bad);
    const auto back =
        seal::read_take_back(model::encode(model::TakeBackCode{check, secret.clone()}));
    REQUIRE(back.has_value());
    CHECK(back->secret_hash == code.secret_hash);
    const base::Bytes wrong(16, 4);
    CHECK(seal::read_take_back(
              model::encode(model::TakeBackCode{check, model::SlipSecret{base::ByteView(wrong)}}))
              .error()
              .code == Errc::slip_bad);
    const std::string head = *seal::sign_head({{base::Uuid({2}), 1, 1}, {}}, f.signer);
    CHECK(seal::read_check(head).error().code == Errc::slip_bad);
}
