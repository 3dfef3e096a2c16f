// SPDX-License-Identifier: EUPL-1.2
#include "sync/receipts/merkle.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "drivers/base/check.hpp"

namespace receipts {
namespace {

constexpr std::array<std::uint8_t, 1> leaf_prefix = {0x00};
constexpr std::array<std::uint8_t, 1> node_prefix = {0x01};

/// Where the tree over n records parts: the largest power of two below n (RFC 6962 2.1).
std::uint64_t split_of(std::uint64_t n) {
    return std::bit_floor(n - 1);
}

/// A whole subtree of 2^height records that begins at a multiple of its size.
base::Result<Hash> whole(NodeSource& source, std::uint64_t begin, unsigned height) {
    const unsigned level = height / 8;
    const std::uint64_t count = std::uint64_t{1} << height % 8;
    TRY(hashes, source.nodes(level, begin >> 8 * level, count));
    return tree_hash(hashes);
}

/// MTH(D[begin:end]) for a begin that is a multiple of the largest power of two in it: as every
/// part of a tree is.
base::Result<Hash> range(NodeSource& source, std::uint64_t begin, std::uint64_t end) {
    CHECK(begin < end);
    // Whole subtrees from the left, largest first; then they join from the right.
    std::vector<Hash> parts;
    while (begin < end) {
        const auto height = static_cast<unsigned>(std::bit_width(end - begin) - 1);
        TRY(hash, whole(source, begin, height));
        parts.push_back(hash);
        begin += std::uint64_t{1} << height;
    }
    Hash root = parts.back();
    for (auto left = parts.rbegin() + 1; left != parts.rend(); ++left)
        root = node_hash(*left, root);
    return root;
}

/// One step up for both numbers.
void climb(std::uint64_t& left, std::uint64_t& right) {
    left >>= 1U;
    right >>= 1U;
}

}  // namespace

Proof hashes_of(base::ByteView bytes) {
    Proof hashes(bytes.size() / sizeof(Hash));
    for (Hash& hash : hashes) {
        std::ranges::copy(bytes.first(hash.size()), hash.begin());
        bytes = bytes.subspan(hash.size());
    }
    return hashes;
}

Hash leaf_hash(base::ByteView entry) {
    return crypto::sha256({leaf_prefix, entry});
}

Hash node_hash(const Hash& left, const Hash& right) {
    return crypto::sha256({node_prefix, left, right});
}

Hash tree_hash(std::span<const Hash> hashes) {
    if (hashes.empty()) return crypto::sha256(base::ByteView{});
    // Pairs join level by level; a last one without a partner goes up as it is, which is the same
    // tree as that of the recursive definition.
    std::vector<Hash> level(hashes.begin(), hashes.end());
    while (level.size() > 1) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < level.size(); i += 2) {
            level[kept++] = i + 1 < level.size() ? node_hash(level[i], level[i + 1]) : level[i];
        }
        level.resize(kept);
    }
    return level.front();
}

bool verify_inclusion(const Inclusion& claim, std::span<const Hash> proof) {
    if (claim.index >= claim.size) return false;
    std::uint64_t at = claim.index;
    std::uint64_t last = claim.size - 1;
    Hash hash = claim.leaf;
    for (const Hash& each : proof) {
        if (last == 0) return false;
        if ((at & 1U) != 0 || at == last) {
            hash = node_hash(each, hash);
            while ((at & 1U) == 0 && at != 0) climb(at, last);
        } else {
            hash = node_hash(hash, each);
        }
        climb(at, last);
    }
    return last == 0 && hash == claim.root;
}

bool verify_consistency(const TreeHead& older, const TreeHead& newer, std::span<const Hash> proof) {
    if (older.size > newer.size) return false;
    if (older.size == newer.size) return proof.empty() && older.root == newer.root;
    if (older.size == 0) return proof.empty() && older.root == tree_hash({});
    std::vector<Hash> path(proof.begin(), proof.end());
    // A whole subtree is its own first node, so the proof leaves it out.
    if (std::has_single_bit(older.size)) path.insert(path.begin(), older.root);
    if (path.empty()) return false;
    std::uint64_t at = older.size - 1;
    std::uint64_t last = newer.size - 1;
    while ((at & 1U) != 0) climb(at, last);
    Hash old_hash = path.front();
    Hash new_hash = path.front();
    for (const Hash& each : std::span(path).subspan(1)) {
        if (last == 0) return false;
        if ((at & 1U) != 0 || at == last) {
            old_hash = node_hash(each, old_hash);
            new_hash = node_hash(each, new_hash);
            while ((at & 1U) == 0 && at != 0) climb(at, last);
        } else {
            new_hash = node_hash(new_hash, each);
        }
        climb(at, last);
    }
    return last == 0 && old_hash == older.root && new_hash == newer.root;
}

base::Result<Hash> root_of(NodeSource& source, std::uint64_t size) {
    if (size == 0) return tree_hash({});
    return range(source, 0, size);
}

base::Result<Proof> prove_inclusion(NodeSource& source, std::uint64_t index, std::uint64_t size) {
    CHECK(index < size);
    Proof proof;  // from the root down; turned round at the end
    std::uint64_t begin = 0;
    std::uint64_t end = size;
    while (end - begin > 1) {
        const std::uint64_t middle = begin + split_of(end - begin);
        const bool left = index < middle;
        TRY(sibling, left ? range(source, middle, end) : range(source, begin, middle));
        proof.push_back(sibling);
        (left ? end : begin) = middle;
    }
    std::ranges::reverse(proof);
    return proof;
}

base::Result<Proof> prove_consistency(NodeSource& source, std::uint64_t older,
                                      std::uint64_t newer) {
    CHECK(older <= newer);
    Proof proof;
    if (older == 0 || older == newer) return proof;
    std::uint64_t begin = 0;
    std::uint64_t end = newer;
    bool whole_so_far = true;  // the older tree is the left edge that we followed
    while (end - begin > 1 && older != end) {
        const std::uint64_t middle = begin + split_of(end - begin);
        if (older <= middle) {
            TRY(right, range(source, middle, end));
            proof.push_back(right);
            end = middle;
        } else {
            TRY(left, range(source, begin, middle));
            proof.push_back(left);
            begin = middle;
            whole_so_far = false;
        }
    }
    if (!whole_so_far) {
        TRY(rest, range(source, begin, end));
        proof.push_back(rest);
    }
    std::ranges::reverse(proof);
    return proof;
}

}  // namespace receipts
