// SPDX-License-Identifier: EUPL-1.2
#include "sync/receipts/frontier.hpp"

#include <algorithm>
#include <bit>

namespace receipts {
namespace {

constexpr std::size_t hash_bytes = 32;

}  // namespace

std::optional<MerkleFrontier> MerkleFrontier::decode(std::uint64_t size, base::ByteView hashes) {
    if (hashes.size() != static_cast<std::size_t>(std::popcount(size)) * hash_bytes)
        return std::nullopt;
    MerkleFrontier frontier;
    frontier.size_ = size;
    for (std::size_t at = 0; at < hashes.size(); at += hash_bytes) {
        Hash& hash = frontier.subtrees_.emplace_back();
        std::ranges::copy(hashes.subspan(at, hash_bytes), hash.begin());
    }
    return frontier;
}

base::Bytes MerkleFrontier::encode() const {
    base::Bytes bytes;
    for (const Hash& hash : subtrees_) base::append(bytes, hash);
    return bytes;
}

void MerkleFrontier::append(const Hash& leaf) {
    subtrees_.push_back(leaf);
    // Each trailing one bit of the old size is a full subtree of the same height as the new node:
    // they join.
    for (std::uint64_t rest = size_; (rest & 1U) != 0; rest >>= 1U) {
        const Hash right = subtrees_.back();
        subtrees_.pop_back();
        subtrees_.back() = node_hash(subtrees_.back(), right);
    }
    ++size_;
}

Hash MerkleFrontier::root() const {
    if (subtrees_.empty()) return crypto::sha256(base::ByteView{});
    Hash root = subtrees_.back();
    for (auto left = subtrees_.rbegin() + 1; left != subtrees_.rend(); ++left)
        root = node_hash(*left, root);
    return root;
}

}  // namespace receipts
