// SPDX-License-Identifier: EUPL-1.2
#include "sync/receipts/log_proof.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "drivers/base/limits.hpp"
#include "sync/receipts/base64.hpp"

namespace receipts {
namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1\n";
constexpr std::string_view index_word = "index ";
/// A tree of 2^64 records is 64 high.
constexpr std::size_t hashes_max = 64;

auto bad_proof(const char* where) {
    return base::fail(base::Errc::receipt_bad, where);
}

/// The next line without its end; nothing if none is whole.
std::optional<std::string_view> next_line(std::string_view& text) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

std::optional<std::uint64_t> index_of(std::string_view line) {
    if (!line.starts_with(index_word)) return std::nullopt;
    line.remove_prefix(index_word.size());
    std::uint64_t index = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), index);
    if (error != std::errc{} || end != line.data() + line.size()) return std::nullopt;
    if (line.size() > 1 && line[0] == '0') return std::nullopt;
    return index;
}

}  // namespace

std::string to_text(const LogProof& proof) {
    std::string out(first_line);
    out += std::string(index_word) + std::to_string(proof.index) + "\n";
    for (const Hash& hash : proof.hashes) out += to_base64(hash) + "\n";
    return out + "\n" + proof.checkpoint;
}

base::Result<LogProof> parse_log_proof(std::string_view text) {
    if (!text.starts_with(first_line)) return bad_proof("proof form");
    text.remove_prefix(first_line.size());
    const auto index_line = next_line(text);
    const auto index = index_line ? index_of(*index_line) : std::nullopt;
    if (!index) return bad_proof("proof index");
    LogProof proof{*index, {}, {}};
    while (true) {
        const auto line = next_line(text);
        if (!line) return bad_proof("proof lines");
        if (line->empty()) break;
        const auto hash = from_base64(*line);
        if (!hash || hash->size() != Hash{}.size() || proof.hashes.size() == hashes_max)
            return bad_proof("proof hash");
        std::ranges::copy(*hash, proof.hashes.emplace_back().begin());
    }
    if (text.size() > limits::checkpoint_bytes_max) return bad_proof("proof checkpoint");
    proof.checkpoint = text;
    return proof;
}

base::Result<Checkpoint> verify_log_proof(const LogProof& proof, const Hash& leaf,
                                          std::span<const crypto::Point> keys) {
    TRY(checkpoint, verify_checkpoint_any(proof.checkpoint, keys));
    const TreeHead& head = checkpoint.head;
    if (!verify_inclusion({leaf, proof.index, head.size, head.root}, proof.hashes))
        return bad_proof("proof of inclusion");
    return std::move(checkpoint);
}

}  // namespace receipts
