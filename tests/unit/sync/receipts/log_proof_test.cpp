// SPDX-License-Identifier: EUPL-1.2
// Proofs of inclusion as texts: written as C2SP writes them, read in that one form, and refused for
// another leaf, place, key or hash.
#include "sync/receipts/log_proof.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include "drivers/crypto/random.hpp"
#include "sync/receipts/base64.hpp"

using receipts::Hash;
using receipts::LogProof;

namespace {

struct Tree {
    crypto::SystemRandom random;
    crypto::KeyPair key = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair other = crypto::generate_key(crypto::Curve::p256, random);
    std::vector<Hash> leaves = {Hash{1}, Hash{2}, Hash{3}};

    LogProof proof_of_last() {
        seal::PairSigner signer(key, random);
        const auto note = receipts::sign_checkpoint({"test", {3, receipts::tree_hash(leaves)}},
                                                    key.point, signer);
        REQUIRE(note.has_value());
        return {2, {receipts::node_hash(leaves[0], leaves[1])}, *note};
    }
    bool holds(const LogProof& proof, const Hash& leaf) {
        return receipts::verify_log_proof(proof, leaf, std::vector{other.point, key.point})
            .has_value();
    }
};

}  // namespace

TEST_CASE("log proof: goes out as the norm writes it and comes back") {
    Tree tree;
    const auto proof = tree.proof_of_last();
    const std::string text = to_text(proof);
    CHECK(text == "c2sp.org/tlog-proof@v1\nindex 2\n" + receipts::to_base64(proof.hashes[0]) +
                      "\n\n" + proof.checkpoint);
    CHECK(receipts::parse_log_proof(text) == proof);
    CHECK(tree.holds(proof, tree.leaves[2]));
}

TEST_CASE("log proof: refused with one thing changed") {
    Tree tree;
    auto proof = tree.proof_of_last();
    CHECK_FALSE(tree.holds(proof, tree.leaves[1]));
    SUBCASE("place") {
        proof.index = 1;
    }
    SUBCASE("place beyond the log") {
        proof.index = 3;
    }
    SUBCASE("hash") {
        proof.hashes[0][5] ^= 1;
    }
    SUBCASE("a hash too many") {
        proof.hashes.push_back(Hash{});
    }
    SUBCASE("no hash") {
        proof.hashes.clear();
    }
    SUBCASE("size") {
        proof.checkpoint[5] = '4';
    }
    CHECK_FALSE(tree.holds(proof, tree.leaves[2]));
    const auto strange = std::vector{tree.other.point};
    CHECK_FALSE(receipts::verify_log_proof(tree.proof_of_last(), tree.leaves[2], strange));
}

TEST_CASE("log proof: one form only") {
    Tree tree;
    const std::string good = to_text(tree.proof_of_last());
    const auto changed = [&](std::string_view from, std::string_view to) {
        std::string text = good;
        text.replace(text.find(from), from.size(), to);
        return receipts::parse_log_proof(text).has_value();
    };
    CHECK_FALSE(changed("@v1", "@v2"));
    CHECK_FALSE(changed("index 2", "index 02"));
    CHECK_FALSE(changed("index 2", "index -2"));
    CHECK_FALSE(changed("index 2", "index 18446744073709551616"));
    CHECK(changed("index 2", "index 18446744073709551615"));
    CHECK_FALSE(changed("index 2\n", "extra AAAA\nindex 2\n"));
    CHECK_FALSE(changed("=\n\n", "=\n"));
    CHECK_FALSE(changed("=\n\n", "\n\n"));
    CHECK_FALSE(changed("=\n\n", "=\r\n\n"));
}
