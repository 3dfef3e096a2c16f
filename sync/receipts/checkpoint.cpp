// SPDX-License-Identifier: EUPL-1.2
#include "sync/receipts/checkpoint.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "drivers/base/limits.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/crypto/key_file.hpp"
#include "sync/model/record.hpp"
#include "sync/receipts/base64.hpp"

namespace receipts {
namespace {

constexpr std::string_view dash = "\u2014 ";
constexpr std::size_t key_id_bytes = 4;

auto bad(const char* where) {
    return base::fail(base::Errc::receipt_bad, where);
}

base::Bytes key_id_of(const crypto::Point& key) {
    const auto digest = crypto::sha256(crypto::write_public_key(key));
    return {digest.begin(), digest.begin() + key_id_bytes};
}

std::string text_of(const Checkpoint& checkpoint) {
    return checkpoint.origin + "\n" + std::to_string(checkpoint.head.size) + "\n" +
           to_base64(checkpoint.head.root) + "\n";
}

/// The next line without its end; nothing if none is whole.
std::optional<std::string_view> take_line(std::string_view& text) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

std::optional<std::uint64_t> size_of(std::string_view digits) {
    std::uint64_t size = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    if (digits.size() > 1 && digits[0] == '0') return std::nullopt;
    return size;
}

std::optional<Checkpoint> parse(std::string_view text) {
    Checkpoint out;
    const auto origin = take_line(text);
    const auto size = take_line(text);
    const auto root = take_line(text);
    if (!root || !text.empty() || !checkpoint_origin_ok(*origin)) return std::nullopt;
    const auto number = size_of(*size);
    const auto hash = from_base64(*root);
    if (!number || !hash || hash->size() != out.head.root.size()) return std::nullopt;
    out.origin = *origin;
    out.head.size = *number;
    std::ranges::copy(*hash, out.head.root.begin());
    return out;
}

/// What one signature line holds if it is by this name and this key; nothing if by another.
std::optional<base::Bytes> signature_in(std::string_view line, std::string_view name,
                                        const base::Bytes& key_id) {
    if (!line.starts_with(dash)) return std::nullopt;
    line.remove_prefix(dash.size());
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ' ')
        return std::nullopt;
    auto bytes = from_base64(line.substr(name.size() + 1));
    if (!bytes || bytes->size() <= key_id_bytes) return std::nullopt;
    if (!std::equal(key_id.begin(), key_id.end(), bytes->begin())) return std::nullopt;
    bytes->erase(bytes->begin(), bytes->begin() + key_id_bytes);
    return bytes;
}

base::Result<std::string> signature_line(const Checkpoint& checkpoint, const crypto::Point& key,
                                         seal::Signer& signer) {
    TRY(plain, signer.sign_digest(crypto::sha256(base::as_bytes(text_of(checkpoint)))));
    base::Bytes signed_by = key_id_of(key);
    base::append(signed_by, crypto::signature_to_der(plain));
    return std::string(dash) + checkpoint.origin + " " + to_base64(signed_by) + "\n";
}

}  // namespace

bool checkpoint_origin_ok(std::string_view origin) {
    if (origin.empty() || origin.size() > checkpoint_origin_bytes_max) return false;
    return std::ranges::all_of(origin, [](char c) { return c > ' ' && c < '\x7F' && c != '+'; });
}

std::uint32_t log_generation(std::string_view origin) {
    constexpr std::string_view mark = ":log";
    const auto at = origin.rfind(mark);
    if (at == std::string_view::npos) return 1;
    const auto number = size_of(origin.substr(at + mark.size()));
    const bool later = number && *number >= 2 && *number <= model::log_generation_max;
    return later ? static_cast<std::uint32_t>(*number) : 1;
}

base::Result<std::string> sign_checkpoint(const Checkpoint& checkpoint, const crypto::Point& key,
                                          seal::Signer& signer) {
    if (!checkpoint_origin_ok(checkpoint.origin))
        return base::fail(base::Errc::config_bad, "checkpoint origin");
    TRY(line, signature_line(checkpoint, key, signer));
    return text_of(checkpoint) + "\n" + line;
}

base::Result<std::string> cosign_checkpoint(std::string_view note, const crypto::Point& key,
                                            seal::Signer& signer) {
    TRY(checkpoint, read_checkpoint(note));
    TRY(line, signature_line(checkpoint, key, signer));
    return std::string(note) + line;
}

base::Result<Checkpoint> read_checkpoint(std::string_view note) {
    if (note.size() > limits::checkpoint_bytes_max) return bad("checkpoint size");
    // The last empty line parts text and signatures.
    const auto blank = note.rfind("\n\n");
    if (blank == std::string_view::npos) return bad("checkpoint form");
    auto checkpoint = parse(note.substr(0, blank + 1));
    if (!checkpoint) return bad("checkpoint text");
    return std::move(*checkpoint);
}

base::Result<Checkpoint> verify_checkpoint(std::string_view note, const crypto::Point& key) {
    TRY(checkpoint, read_checkpoint(note));
    const auto blank = note.rfind("\n\n");
    const std::string_view text = note.substr(0, blank + 1);
    const base::Bytes key_id = key_id_of(key);
    std::string_view lines = note.substr(blank + 2);
    while (!lines.empty()) {
        const auto line = take_line(lines);
        if (!line) return bad("checkpoint signature line");
        const auto der = signature_in(*line, checkpoint.origin, key_id);
        if (!der) continue;
        const auto plain = crypto::signature_from_der(key.curve, *der);
        if (!plain || !crypto::ecdsa_verify(key, crypto::sha256(base::as_bytes(text)), *plain))
            return bad("checkpoint signature");
        return std::move(checkpoint);
    }
    return bad("checkpoint not signed by this key");
}

base::Result<Checkpoint> verify_checkpoint_any(std::string_view note,
                                               std::span<const crypto::Point> keys) {
    base::Error error{base::Errc::receipt_bad, "checkpoint keys"};
    for (const crypto::Point& key : keys) {
        auto checkpoint = verify_checkpoint(note, key);
        if (checkpoint) return checkpoint;
        error = checkpoint.error();
    }
    return tl::unexpected(error);
}

}  // namespace receipts
