// SPDX-License-Identifier: EUPL-1.2
// Evidence bundles against somebody who holds the receipt key and signs a changed bundle anew: what
// the terminals and the log signed cannot be changed even so.
#include "sync/backend/evidence/export.hpp"
#include "sync/backend/evidence/verify.hpp"

#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "sync/seal/jwk.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using backend::Bundle;
using backend::Effect;

namespace {

struct EvidenceWorld : test::ServiceWorld {
    crypto::KeyPair log_key = crypto::generate_key(crypto::Curve::p256, random);
    backend::LogSigner evidence_log{"urn:test", {&log_key, 1}, random};
    const std::vector<std::string> source{"amt-a"};
    const std::vector<std::string> two{"amt-b", "amt-c"};

    base::Result<Bundle> bundle_of(const base::Uuid& declaration) {
        return backend::export_evidence(
            *store, {"urn:test", receipt_key, evidence_log, clock, random}, {declaration, {}});
    }
    backend::EvidenceKeys keys() {
        return {{receipt_key.point},
                {log_key.point},
                {{base::to_text(terminal.id), "", terminal.key.point}}};
    }
    void sign(Bundle& bundle) {
        const std::string sums = backend::sums_of(bundle);
        const auto plain =
            crypto::ecdsa_sign(receipt_key, crypto::sha256(base::as_bytes(sums)), random);
        REQUIRE(plain.has_value());
        bundle["SHA256SUMS"] = sums;
        bundle["SHA256SUMS.sig"] = base::as_text(crypto::signature_to_der(*plain));
    }
    /// Where the check of a bundle ends that was changed and signed anew.
    std::string refusal(Bundle bundle) {
        sign(bundle);
        const auto report = backend::verify_evidence(bundle, keys());
        REQUIRE(!report.has_value());
        return report.error().where;
    }
    base::Uuid taken_back() {
        const auto id = story.give(test::anna, "JBA-03", source, two, 30);
        story.take_back(test::anna, id);
        story.give(test::anna, "JBA-04", source, two, 30);
        REQUIRE(send(1, 3).status == 200);
        return id;
    }
};

void replace(std::string& text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("evidence: a declaration that was taken back comes with its withdrawal (LR-83)") {
    EvidenceWorld world;
    const auto id = world.taken_back();
    const auto bundle = world.bundle_of(id);
    REQUIRE(bundle.has_value());
    const auto report = backend::verify_evidence(*bundle, world.keys());
    REQUIRE(report.has_value());
    CHECK(report->about.declaration == id);
    REQUIRE(report->records.size() == 2);
    CHECK(report->records[0].terminal_key_given);
    CHECK(report->effects ==
          std::vector<backend::EvidenceEffect>{{1, 0, 2, Effect::ends}, {1, 1, 2, Effect::ends}});
    // One signed head stood above three records: the links lead to it.
    CHECK(bundle->at("records/001/links").size() == 2 * model::header_bytes);
    CHECK(bundle->at("records/002/links").size() == model::header_bytes);
    CHECK_FALSE(world.bundle_of(test::uuid(250)).has_value());
}

TEST_CASE("evidence: who holds the receipt key and signs anew is found out") {
    EvidenceWorld world;
    const auto bundle = world.bundle_of(world.taken_back());
    REQUIRE(bundle.has_value());
    Bundle changed = *bundle;
    SUBCASE("a withdrawal is left out, and its effect claimed") {
        for (const char* name :
             {"header", "scopes", "jwe", "links", "head.jws", "receipt.jws", "log.tlog-proof"})
            changed.erase("records/002/" + std::string(name));
        CHECK(world.refusal(changed) == "evidence.file_missing");
    }
    SUBCASE("an effect is hidden") {
        replace(changed["effects.json"], R"({"part_of":1,"part":0,"act":2,"effect":"ends"},)", "");
        CHECK(world.refusal(changed) == "evidence.rule");
    }
    SUBCASE("an effect is made smaller") {
        replace(changed["effects.json"], "ends", "suspends");
        CHECK(world.refusal(changed) == "evidence.rule");
    }
    SUBCASE("an effect is made up") {
        replace(changed["effects.json"], R"("effects":[)",
                R"("effects":[{"part_of":2,"part":0,"act":1,"effect":"ends"},)");
        CHECK(world.refusal(changed) == "evidence.effect");
    }
    SUBCASE("another time in the header") {
        changed["records/001/header"][140] ^= 1;
        CHECK(world.refusal(changed) == "evidence.leaf");
    }
    SUBCASE("another sealed text") {
        changed["records/001/jwe"] += "x";
        CHECK(world.refusal(changed) == "jwe hash");
    }
    SUBCASE("a link that leads elsewhere") {
        changed["records/001/links"][100] ^= 1;
        CHECK(world.refusal(changed) == "evidence.link");
    }
    SUBCASE("a link too few") {
        changed["records/001/links"].resize(model::header_bytes);
        CHECK(world.refusal(changed) == "evidence.head");
    }
    SUBCASE("the receipt of another record") {
        changed["records/001/receipt.jws"] = changed["records/002/receipt.jws"];
        CHECK(world.refusal(changed) == "evidence.receipt");
    }
    SUBCASE("a receipt is missing") {
        changed.erase("records/001/receipt.jws");
        CHECK(world.refusal(changed) == "evidence.receipt_missing");
    }
    SUBCASE("the place of another record") {
        changed["records/001/log.tlog-proof"] = changed["records/002/log.tlog-proof"];
        CHECK(world.refusal(changed) == "proof of inclusion");
    }
    SUBCASE("another observed log size") {
        replace(changed["effects.json"], R"("observed":0)", R"("observed":3)");
        CHECK(world.refusal(changed) == "evidence.observed");
    }
    SUBCASE("another declaration than it is about") {
        replace(changed["about.json"],
                base::to_text(*base::parse_uuid(changed["about.json"].substr(
                    changed["about.json"].find("declaration") + 14, 36))),
                base::to_text(test::uuid(9)));
        CHECK(world.refusal(changed) == "evidence.declaration");
    }
    SUBCASE("another size of the log") {
        replace(changed["about.json"], R"("log_size":3)", R"("log_size":4)");
        CHECK(world.refusal(changed) == "evidence.checkpoint");
    }
}

TEST_CASE("evidence: keys that were exchanged since still count, strange ones do not") {
    EvidenceWorld world;
    const auto bundle = world.bundle_of(world.taken_back());
    REQUIRE(bundle.has_value());
    const auto strange = crypto::generate_key(crypto::Curve::p256, world.random);
    auto keys = world.keys();
    keys.receipts.insert(keys.receipts.begin(), strange.point);
    keys.log.insert(keys.log.begin(), strange.point);
    CHECK(backend::verify_evidence(*bundle, keys).has_value());
    keys = world.keys();
    keys.journal[0].point = strange.point;
    CHECK_FALSE(backend::verify_evidence(*bundle, keys).has_value());
    keys = world.keys();
    keys.log = {strange.point};
    CHECK_FALSE(backend::verify_evidence(*bundle, keys).has_value());
    keys = world.keys();
    keys.receipts = {strange.point};
    CHECK_FALSE(backend::verify_evidence(*bundle, keys).has_value());
}

TEST_CASE("evidence: what a clone withdrew counts, off its chain and without a receipt (I6)") {
    EvidenceWorld world;
    const auto id = world.story.give(test::anna, "JBA-03", world.source, world.two, 30);
    auto clone = world.terminal.clone();
    test::Story elsewhere({clone, world.views_key.point, world.random, test::start_ms});
    elsewhere.take_back(test::anna, id);
    elsewhere.give(test::anna, "JBA-05", world.source, world.two, 30);
    world.story.give(test::anna, "JBA-04", world.source, world.two, 30);
    REQUIRE(world.send(1, 2).status == 200);
    const auto forked = world.ask("terminal", base::to_text(world.terminal.id), http::Method::post,
                                  world.terminal_path("batches"), clone.batch(1, 3));
    REQUIRE(forked.status == 409);
    const auto bundle = world.bundle_of(id);
    REQUIRE(bundle.has_value());
    const auto report = backend::verify_evidence(*bundle, world.keys());
    REQUIRE(report.has_value());
    REQUIRE(report->records.size() == 2);
    CHECK(report->records[0].on_chain);
    CHECK_FALSE(report->records[1].on_chain);
    CHECK_FALSE(report->records[1].has_receipt);
    CHECK(bundle->at("records/002/links").size() == model::header_bytes);
}

TEST_CASE("evidence: what a receipt named stands at its place under every later checkpoint (I13)") {
    EvidenceWorld world;
    const auto id = world.taken_back();
    const auto place = [&](std::uint64_t log_size) {
        const auto bundle = world.bundle_of(id);
        REQUIRE(bundle.has_value());
        const auto report = backend::verify_evidence(*bundle, world.keys());
        REQUIRE(report.has_value());
        CHECK(report->about.log_size == log_size);
        return std::pair(report->records[0].leaf, report->records[0].log_index);
    };
    const auto first = place(3);
    for (std::uint64_t seq = 4; seq < 300; ++seq) {
        world.terminal.append(test::grant(static_cast<std::uint8_t>(seq % 200 + 20)));
        REQUIRE(world.send(seq, seq).status == 200);
        if (seq == 4 || seq == 255 || seq == 256 || seq == 299) CHECK(place(seq) == first);
    }
}
