// SPDX-License-Identifier: EUPL-1.2
// Proofs of the log: made and checked by two different algorithms of two different norms, at every
// size that has another shape, and refused when anything about them is changed.
#include "sync/receipts/merkle.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"

using receipts::Hash;
using receipts::TreeHead;

namespace {

/// A log in memory: leaves and, as the backend keeps them, one node for each 256.
class Log final : public receipts::NodeSource {
  public:
    explicit Log(std::uint64_t size) : levels_(3) {
        for (std::uint64_t i = 0; i < size; ++i) {
            const std::uint8_t entry[] = {static_cast<std::uint8_t>(i >> 8U),
                                          static_cast<std::uint8_t>(i)};
            levels_[0].push_back(receipts::leaf_hash(entry));
        }
        for (std::size_t level = 1; level < levels_.size(); ++level) {
            const auto& below = levels_[level - 1];
            for (std::size_t at = 0; at + 256 <= below.size(); at += 256)
                levels_[level].push_back(receipts::tree_hash(std::span(below).subspan(at, 256)));
        }
    }
    base::Result<std::vector<Hash>> nodes(unsigned level, std::uint64_t first,
                                          std::uint64_t count) override {
        ++questions;
        REQUIRE(count <= 256);
        REQUIRE(first / 256 == (first + count - 1) / 256);  // never across two tiles
        REQUIRE(level < levels_.size());
        if (first + count > levels_[level].size())
            return base::fail(base::Errc::message_bad, "test");
        const auto begin = levels_[level].begin() + static_cast<std::ptrdiff_t>(first);
        return std::vector<Hash>(begin, begin + static_cast<std::ptrdiff_t>(count));
    }
    [[nodiscard]] Hash leaf(std::uint64_t index) const { return levels_[0].at(index); }
    /// By the definition, without stored nodes.
    [[nodiscard]] Hash root(std::uint64_t size) const {
        return receipts::tree_hash(std::span(levels_[0]).first(size));
    }
    unsigned questions = 0;

  private:
    std::vector<std::vector<Hash>> levels_;
};

}  // namespace

TEST_CASE("merkle: the reference leaves have their published roots") {
    // certificate-transparency/cpp/merkletree/merkle_tree_test.cc.
    const char* inputs[] = {"",
                            "00",
                            "10",
                            "2021",
                            "3031",
                            "40414243",
                            "5051525354555657",
                            "606162636465666768696a6b6c6d6e6f"};
    const char* roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                           "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                           "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                           "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                           "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                           "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                           "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                           "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    std::vector<Hash> leaves;
    for (std::size_t i = 0; i < 8; ++i) {
        leaves.push_back(receipts::leaf_hash(*base::from_hex(inputs[i])));
        CHECK(base::to_hex(receipts::tree_hash(leaves)) == roots[i]);
    }
    CHECK(base::to_hex(receipts::tree_hash({})) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("merkle: every record of every small log is proved, and no other") {
    Log log(70);
    for (std::uint64_t size = 1; size <= 70; ++size) {
        const Hash root = log.root(size);
        CHECK(*receipts::root_of(log, size) == root);
        for (std::uint64_t index = 0; index < size; ++index) {
            const auto proof = receipts::prove_inclusion(log, index, size);
            REQUIRE(proof);
            CHECK(receipts::verify_inclusion({log.leaf(index), index, size, root}, *proof));
            // Another place, leaf or root.
            CHECK_FALSE(
                receipts::verify_inclusion({log.leaf(index), index + 1, size, root}, *proof));
            CHECK_FALSE(
                receipts::verify_inclusion({receipts::leaf_hash({}), index, size, root}, *proof));
            CHECK_FALSE(receipts::verify_inclusion(
                {log.leaf(index), index, size, receipts::leaf_hash({})}, *proof));
            auto longer = *proof;
            longer.push_back(root);
            CHECK_FALSE(receipts::verify_inclusion({log.leaf(index), index, size, root}, longer));
            if (proof->empty()) continue;
            auto shorter = *proof;
            shorter.pop_back();
            CHECK_FALSE(receipts::verify_inclusion({log.leaf(index), index, size, root}, shorter));
            auto changed = *proof;
            changed.front()[0] ^= 1;
            CHECK_FALSE(receipts::verify_inclusion({log.leaf(index), index, size, root}, changed));
        }
    }
}

TEST_CASE("merkle: every growth of every small log is proved, and no rewriting (I12)") {
    Log log(70);
    for (std::uint64_t older = 0; older <= 70; ++older) {
        for (std::uint64_t newer = older; newer <= 70; ++newer) {
            const TreeHead from{older, log.root(older)};
            const TreeHead to{newer, log.root(newer)};
            const auto proof = receipts::prove_consistency(log, older, newer);
            REQUIRE(proof);
            CHECK(receipts::verify_consistency(from, to, *proof));
            TreeHead rewritten = from;
            rewritten.root[5] ^= 1;
            CHECK_FALSE(receipts::verify_consistency(rewritten, to, *proof));
            TreeHead forged = to;
            forged.root[5] ^= 1;
            // An empty tree says nothing about what follows it.
            if (older > 0) CHECK_FALSE(receipts::verify_consistency(from, forged, *proof));
            if (older < newer) CHECK_FALSE(receipts::verify_consistency(to, from, *proof));
            auto longer = *proof;
            longer.push_back(to.root);
            CHECK_FALSE(receipts::verify_consistency(from, to, longer));
            if (proof->empty()) continue;
            auto shorter = *proof;
            shorter.erase(shorter.begin());
            CHECK_FALSE(receipts::verify_consistency(from, to, shorter));
        }
    }
}

TEST_CASE("merkle: a log across tiles is proved from stored nodes with few questions") {
    constexpr std::uint64_t size = 256 * 256 + 3 * 256 + 17;
    Log log(size);
    for (const std::uint64_t at :
         {std::uint64_t{1}, std::uint64_t{255}, std::uint64_t{256}, std::uint64_t{257},
          std::uint64_t{65'535}, std::uint64_t{65'536}, std::uint64_t{65'537}, size - 1, size}) {
        CAPTURE(at);
        CHECK(*receipts::root_of(log, at) == log.root(at));
        log.questions = 0;
        const auto consistency = receipts::prove_consistency(log, at, size);
        REQUIRE(consistency);
        CHECK(log.questions <= 64);
        CHECK(
            receipts::verify_consistency({at, log.root(at)}, {size, log.root(size)}, *consistency));
        const auto inclusion = receipts::prove_inclusion(log, at - 1, size);
        REQUIRE(inclusion);
        CHECK(receipts::verify_inclusion({log.leaf(at - 1), at - 1, size, log.root(size)},
                                         *inclusion));
    }
}

TEST_CASE("merkle: a source that lacks a node says so") {
    Log log(10);
    CHECK(receipts::prove_inclusion(log, 3, 11).error().code == base::Errc::message_bad);
    CHECK(receipts::prove_consistency(log, 3, 300).error().code == base::Errc::message_bad);
}
