// SPDX-License-Identifier: EUPL-1.2
// The citizen's own copy.
#include "sync/seal/view.hpp"

#include <algorithm>
#include <array>

#include "drivers/base/limits.hpp"
#include "drivers/crypto/cipher.hpp"
#include "drivers/crypto/digest.hpp"

namespace seal {
namespace {

using base::Bytes;
using base::ByteView;
using base::Errc;

constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t length_bytes = 4;
// A declaration of one purpose is 1.2 to 1.9 kB; the first class takes nearly all, so the size of
// a copy tells almost nothing. Two of that class fit a page of the journal: with 2,048 each filled
// one alone, which was half of what a consent leaves behind.
constexpr std::array<std::size_t, 4> size_classes{1'968, 4'096, 8'192,
                                                  limits::declaration_bytes_max + length_bytes};
static_assert(size_classes[2] < size_classes[3]);

/// Binds a copy to its place, so that copies cannot be exchanged on the disk.
Bytes place_bytes(const model::RecordKey& place) {
    Bytes out(place.terminal.get().begin(), place.terminal.get().end());
    base::append_u32(out, place.epoch);
    base::append_u64(out, place.seq);
    return out;
}

}  // namespace

ViewKey view_key(base::ByteView pseudonym, base::ByteView terminal_salt) {
    std::array<std::uint8_t, ViewKey::capacity> key{};
    crypto::hkdf_sha256(pseudonym, terminal_salt, base::as_bytes("freigabe view key"), key);
    ViewKey out{ByteView(key)};
    base::wipe_memory(key.data(), key.size());
    return out;
}

model::Digest view_index(const ViewKey& key) {
    return crypto::hmac_sha256(key.expose(), base::as_bytes("idx"));
}

base::Result<base::Bytes> seal_view(base::ByteView plain, const model::RecordKey& place,
                                    const ViewKey& key, port::Random& random) {
    const auto size = std::find_if(size_classes.begin(), size_classes.end(),
                                   [&](std::size_t s) { return length_bytes + plain.size() <= s; });
    if (size == size_classes.end()) return base::fail(Errc::seal_failed, "view size");
    Bytes padded;
    padded.reserve(*size);
    base::append_u32(padded, static_cast<std::uint32_t>(plain.size()));
    base::append(padded, plain);
    padded.resize(*size);
    Bytes out(nonce_bytes);
    random.fill(out);
    base::append(out, crypto::gcm_seal(key.expose(), ByteView(out).first(nonce_bytes),
                                       place_bytes(place), padded));
    base::wipe(padded);
    return out;
}

base::Result<base::Bytes> open_view(base::ByteView sealed, const model::RecordKey& place,
                                    const ViewKey& key) {
    if (sealed.size() < nonce_bytes) return base::fail(Errc::open_failed, "view size");
    TRY(padded, crypto::gcm_open(key.expose(), sealed.first(nonce_bytes), place_bytes(place),
                                 sealed.subspan(nonce_bytes)));
    if (padded.size() < length_bytes) return base::fail(Errc::open_failed, "view length");
    const std::size_t size = base::read_u32(padded);
    if (size > padded.size() - length_bytes) return base::fail(Errc::open_failed, "view length");
    padded.erase(padded.begin(), padded.begin() + length_bytes);
    padded.resize(size);
    return std::move(padded);
}

}  // namespace seal
