// SPDX-License-Identifier: EUPL-1.2
// The people of the project, the strictness of person files, and the signed file of every card.
#include <doctest/doctest.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>
#include <filesystem>

#include "tests/card/checks/world.hpp"
#include "tests/card/state_file.hpp"

namespace {

using namespace card;

PersonOutcome parse(std::string_view json) {
    return parse_person(to_bytes(json));
}

TEST_CASE("people: every file is good, ids are unique and equal the file's name") {
    std::size_t people = 0;
    for (const auto& entry : std::filesystem::directory_iterator(CARD_PEOPLE_DIR)) {
        if (entry.path().extension() != ".json") continue;
        CAPTURE(entry.path().string());
        const auto loaded = load_person(entry.path().string());
        CHECK(loaded.error.reason == "");
        REQUIRE(loaded.person);
        CHECK(loaded.person->id == entry.path().stem().string());
        CHECK(loaded.person->groups.size() >= 10);
        ++people;
    }
    CHECK(people >= 16);
}

TEST_CASE("people: encodings of the special ones") {
    const auto group = [](const char* person, unsigned number) {
        const auto loaded = load_person(std::string(CARD_PEOPLE_DIR) + "/" + person + ".json");
        REQUIRE(loaded.person);
        return to_hex(loaded.person->groups.at(number));
    };
    CHECK(group("no_given_name", 4) == "64020C00");
    CHECK(group("birth_without_day", 8) == "680A12083139393630372020");
    CHECK(group("birth_year_only", 8) == "680A12083139383820202020");
    CHECK(group("no_address", 17) ==
          "7125A2230C216B65696E65204861757074776F686E756E6720696E20446575747363686C616E64");
    CHECK(group("no_address", 18) == "72020400");
    CHECK(group("no_street", 17).substr(0, 14) == "711A3018AB080C");
    CHECK(group("eu_card", 1) == "610413025542");
    CHECK(group("residence_permit", 19).substr(0, 4) == "732E");
    CHECK(group("capital_sharp_s", 5) == "650C0C0A47524FE1BA9E4D414E4E");
}

TEST_CASE("people: what a person file may not say") {
    CHECK(parse("{}").error.reason == "id is missing");
    CHECK(parse("[1,2").error.reason == "not a JSON object");
    CHECK(parse(R"({"id":"a"})").person);
    CHECK(parse(R"({"id":"a","shoe_size":"43"})").error.reason == "unknown key shoe_size");
    CHECK(parse(R"({"id":"a","birth_date":"1964"})").error.reason == "bad value of birth_date");
    CHECK(parse(R"({"id":"a","birth_date":"1964081X"})").error.reason != "");
    CHECK(parse(R"({"id":"a","expiry_date":"203306  "})").error.reason != "");
    CHECK(parse(R"({"id":"a","sex":1})").error.reason == "bad value of sex");
    CHECK(parse(R"({"id":"a","residence":{"town":"X"}})").error.reason != "");
    CHECK(parse(R"({"id":"a","community_id":"027"})").error.reason != "");
    CHECK(parse(R"({"id":"a","card":{"pin":"12a456"}})").error.reason != "");
    CHECK(parse(R"({"id":"a","card":{"can":"12345"}})").error.reason != "");
    CHECK(parse(R"({"id":"a","card":{"colour":"red"}})").error.reason == "card: colour");
    CHECK(parse(R"({"id":"a","card":{"pin_state":"odd"}})").error.reason != "");
}

// OpenSSL's own CMS judges our signature. It refuses explicit curve parameters in a chain, whatever
// they are, so there the certificate is checked by its signature alone.
enum class Chain { full, signature_only };
bool openssl_accepts(const Bytes& file, const Bytes& authority, Chain chain) {
    const unsigned char* at = file.data();
    CMS_ContentInfo* cms = d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(file.size()));
    at = authority.data();
    X509* root = d2i_X509(nullptr, &at, static_cast<long>(authority.size()));
    X509_STORE* store = X509_STORE_new();
    X509_STORE_add_cert(store, root);
    X509_STORE_set_purpose(store, X509_PURPOSE_ANY);
    const unsigned flags =
        CMS_BINARY | (chain == Chain::full ? 0U : unsigned{CMS_NO_SIGNER_CERT_VERIFY});
    bool good = cms != nullptr && CMS_verify(cms, nullptr, store, nullptr, nullptr, flags) == 1;
    STACK_OF(X509)* signers = good ? CMS_get0_signers(cms) : nullptr;
    good = good && sk_X509_num(signers) == 1 &&
           X509_verify(sk_X509_value(signers, 0), X509_get0_pubkey(root)) == 1;
    sk_X509_free(signers);
    X509_STORE_free(store);
    X509_free(root);
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    return good;
}

TEST_CASE("EF.CardSecurity: OpenSSL's CMS accepts it, and refuses it with one bit changed") {
    struct Row {
        std::string person;
        Chain chain;
    };
    for (const Row& row : {Row{"leyla", Chain::full}, Row{"longest", Chain::signature_only}}) {
        CAPTURE(row.person);
        World w(row.person);
        REQUIRE(w.pace() == sw::ok);
        REQUIRE(w.terminal_authentication() == sw::ok);
        Bytes file = w.terminal->read(0x1D).data;
        CHECK(openssl_accepts(file, w.card->authority_certificate(), row.chain));
        const CardKeys keys = make_card_keys(row.person, 0, ChipKey::genuine);
        const auto key =
            std::search(file.begin(), file.end(), keys.chip.point.begin(), keys.chip.point.end());
        REQUIRE(key != file.end());
        *(key + 10) ^= 1U;
        CHECK_FALSE(openssl_accepts(file, w.card->authority_certificate(), row.chain));
    }
}

TEST_CASE("EF.CardAccess: newer chips announce more, the PACE entry is the same") {
    const std::string plain = to_hex(encode_card_access(Generation::plain));
    const std::string newer = to_hex(encode_card_access(Generation::newer));
    const std::string pace = "3012060A04007F0007020204020202010202010D";
    CHECK(plain.find(pace) != std::string::npos);
    CHECK(newer.find(pace) != std::string::npos);
    CHECK(newer.size() > plain.size());
    CHECK(newer.find("3012060A04007F00070202030202020103020142") != std::string::npos);
}

TEST_CASE("state file: PIN, counters and clock survive, another card's entry stays") {
    const std::string path = std::string(FREIGABE_BINARY_DIR) + "/card_state_test.json";
    std::filesystem::remove(path);
    const StateFile state(path);
    {
        World w;
        CHECK_FALSE(state.restore(*w.card));
        REQUIRE(w.pace_with(PasswordId::pin, "000000") == 0x63C2);
        w.card->trust_points().advance(20260909);
        REQUIRE(state.store(*w.card));
        World erika("erika");
        REQUIRE(state.store(*erika.card));
    }
    World w;
    REQUIRE(state.restore(*w.card));
    CHECK(w.card->passwords().pin_tries == 2);
    CHECK(w.card->trust_points().today() == 20260909);
    REQUIRE(write_file(path, to_bytes(std::string_view("{\"leyla\":{\"pin\":3}}"))));
    CHECK_FALSE(state.restore(*w.card));
    std::filesystem::remove(path);
}

}  // namespace
