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
