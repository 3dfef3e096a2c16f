// SPDX-License-Identifier: EUPL-1.2
// The frames between kiosk and syncd on their Unix socket, as bytes and as typed messages. Both
// programs link this file, so the two sides cannot drift apart; neither trusts what comes in. Pure,
// any thread.
//
//   0        4      5
//   +--------+------+----------------+
//   | length | type | payload        |   length: big-endian, counts type and payload (1..)
//   +--------+------+----------------+
//   syncd -> kiosk   1 PULL_BATCH -   2 PULL_ADVANCE -   3 RECEIPT set   4 LINK u8 up, u64 since_ms
//                    5 CURSOR -       6 EVENT u64 n, set   7 ASK_LOG -
//                    8 CHECKPOINT u16 size, note, hashes of the proof
//                    9 CHAINS (u32 epoch, u64 next_seq, u16 size, head)...   10 ASK_UNPROVEN -
//                   11 INCLUSION u64 index, u64 log size, leaf 32, hashes of the proof
//                   16 PULL_AFTER u8 lane, u32 epoch, u64 seq   17 SIGN_MANIFEST payload
//                   20 ASK_DOWNSTREAM -   21 OFFER u8 what, file   22 PIECE digest, u64 offset,
//                   bytes
//   kiosk -> syncd   129 BATCH body   130 ADVANCE body   131 RESULT u16 Errc (0 = done)   133
//   CURSOR u64   134 NEWS -   135 LOG u64 size   136 UNPROVEN u64 log size, u64 index...
//   144 MANIFEST jws   148 DOWNSTREAM u64 root, u64 manifest, n x (digest, u64 length, u64 have)
// One request, one answer: 1 -> 129, 2 -> 130, 5 -> 133, 7 -> 135, 10 -> 136, 16 -> 129 or 130 by
// its lane, 17 -> 144, 20 -> 148, the others -> 131; any request may be answered with 131. NEWS
// answers nothing: it says, between two answers, that something was recorded, so that nobody has to
// ask every second; at most one until syncd asks again. Two more sockets, on which the kiosk asks,
// have the types of sign_frame.hpp and insight_frame.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace outbox {

enum class Type : std::uint8_t {
    pull_batch = 1,
    pull_advance = 2,
    receipt = 3,
    link = 4,
    cursor = 5,
    event = 6,
    ask_log = 7,
    checkpoint = 8,
    chains = 9,
    ask_unproven = 10,
    inclusion = 11,
    pull_after = 16,
    sign_manifest = 17,
    ask_downstream = 20,
    offer = 21,
    piece = 22,
    certificates = 32,
    signature = 33,
    sign_refused = 34,
    insight = 35,
    insight_refused = 36,
    batch = 129,
    advance = 130,
    result = 131,
    cursor_answer = 133,
    news = 134,
    log = 135,
    unproven = 136,
    manifest = 144,
    downstream = 148,
    ask_certificates = 160,
    sign = 161,
    ask_insight = 162,
};
/// The side that a frame is meant for; each side reads only the types of its direction.
enum class Towards : std::uint8_t { kiosk, syncd };

/// SHA-256 of a file that comes down.
using FileDigest = std::array<std::uint8_t, 32>;

struct Frame {
    Type type;
    std::string payload;
};

/// True for the characters of a compact JWS or JWE; nothing else is a SET, and a frame with
/// something else ends the connection.
[[nodiscard]] bool is_set_text(std::string_view text);

// Requests of syncd. A SET is a compact JWS: its characters are checked here, its signature by the
// journal.
struct PullBatch {};
struct PullAdvance {};
struct StoreReceipt {
    std::string set;
};
struct LinkStatus {
    bool up = false;
    std::uint64_t since_ms =
        0;  ///< Unix milliseconds by syncd's clock; shown, never used to order anything
};
struct AskCursor {};
struct StoreEvent {
    std::uint64_t n = 0;
    std::string set;
};
struct AskLog {};
/// A checkpoint of the backend's log and the proof that it continues the one that the kiosk holds.
struct StoreCheckpoint {
    std::string note;   ///< 1..limits::checkpoint_bytes_max
    base::Bytes proof;  ///< 32 bytes a hash, at most limits::log_proof_hashes_max of them
};
/// How one of our chains stands at the backend, by its own unsigned word. The head is signed by a
/// journal key of ours.
struct ChainStand {
    std::uint32_t epoch = 0;
    std::uint64_t next_seq = 0;
    std::string head;  ///< compact JWS, at most limits::chain_head_bytes_max; empty = none yet
};
/// All of them, ascending epochs, at most limits::epochs_max; a chain that is not named is unknown
/// there.
struct StoreChains {
    std::vector<ChainStand> chains;
};
struct AskUnproven {};
/// What stands at a place of the log, with the proof that it does in the log of this size.
struct StoreInclusion {
    std::uint64_t index = 0;
    std::uint64_t size = 0;
    base::Bytes leaf;   ///< 32 bytes
    base::Bytes proof;  ///< 32 bytes a hash, at most limits::log_proof_hashes_max of them
};
/// What is unsent behind a place of the chain, for a stick that takes several bodies at once.
enum class Lane : std::uint8_t { batch = 0, advance = 1 };
struct PullAfter {
    Lane lane = Lane::batch;
    std::uint32_t epoch = 0;  ///< 0 = from the beginning
    std::uint64_t seq = 0;
};
/// The list of what goes onto a stick, for the terminal's signature (sync/courier/manifest.hpp).
struct SignManifest {
    std::string payload;  ///< 1..limits::courier_manifest_bytes_max
};
/// What has come down so far, and what is missing (sync/downstream).
struct AskDownstream {};
/// A signed root or manifest; the kiosk decides whether it believes it.
struct OfferFile {
    enum class What : std::uint8_t { root, manifest };
    What what{};
    std::string file;  ///< 1..limits::manifest_file_bytes_max
};
/// A piece of a file that is missing.
struct StorePiece {
    FileDigest digest{};
    std::uint64_t offset = 0;
    std::string bytes;  ///< 1..limits::downstream_piece_bytes_max
};
using Request =
    std::variant<PullBatch, PullAdvance, StoreReceipt, LinkStatus, AskCursor, StoreEvent, AskLog,
                 StoreCheckpoint, StoreChains, AskUnproven, StoreInclusion, PullAfter, SignManifest,
                 AskDownstream, OfferFile, StorePiece>;

// Answers of the kiosk.
struct BatchBody {
    std::string body;  ///< exact bytes to send; empty = nothing unsent
};
struct AdvanceBody {
    std::string body;
};
struct Done {
    std::uint16_t errc = 0;  ///< 0 = done; else the number of an Errc
};
struct Cursor {
    std::uint64_t n = 0;
};
/// Something was recorded. Not an answer to a request.
struct News {};
/// The log as the kiosk has verified it last; 0 = never.
struct LogSize {
    std::uint64_t size = 0;
};
/// Places in the log of this size that receipts name and no proof is there for.
struct Unproven {
    std::uint64_t size = 0;
    std::vector<std::uint64_t> indexes;  ///< at most limits::inclusion_indexes_max
};
struct SignedManifest {
    std::string jws;
};
/// What came down: versions that the kiosk believes (0 = none), and files that it lacks.
struct DownstreamState {
    struct Missing {
        FileDigest digest{};
        std::uint64_t length = 0;
        std::uint64_t have = 0;  ///< bytes that are there
    };
    std::uint64_t root = 0;
    std::uint64_t manifest = 0;
    std::vector<Missing> missing;  ///< at most limits::downstream_wanted_max; there may be more
};
using Answer = std::variant<BatchBody, AdvanceBody, Done, Cursor, News, LogSize, Unproven,
                            SignedManifest, DownstreamState>;

[[nodiscard]] base::Bytes write_request(const Request& request);
[[nodiscard]] base::Bytes write_answer(const Answer& answer);
/// errors  message_bad: type of the other direction, or a payload that breaks its layout.
base::Result<Request> read_request(const Frame& frame);
base::Result<Answer> read_answer(const Frame& frame);

/// A whole frame around a payload within its bounds.
[[nodiscard]] base::Bytes frame_of(Type type, base::ByteView payload);

/// Collects one frame from bytes as they come.
class FrameReader {
  public:
    explicit FrameReader(Towards side) : side_(side) {}

    /// Takes bytes from the front and stops at the end of the frame. returns how many were used.
    /// errors  message_bad (unknown type, length 0), message_too_large (above the bound of its
    /// type, before anything
    ///         is stored). The stream cannot be used after an error.
    base::Result<std::size_t> feed(base::ByteView bytes);
    [[nodiscard]] bool done() const { return head_.size() == head_bytes && left_ == 0; }
    /// True between frames.
    [[nodiscard]] bool idle() const { return head_.empty(); }
    /// The finished frame (done() is CHECKed); the reader is ready for the next one.
    [[nodiscard]] Frame take();

  private:
    static constexpr std::size_t head_bytes = 5;
    base::Result<void> read_head();

    Towards side_;
    base::Bytes head_;
    std::size_t left_ = 0;
    std::string payload_;
};

}  // namespace outbox
