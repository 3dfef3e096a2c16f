// SPDX-License-Identifier: EUPL-1.2
// Which terminals may write: one-time invitations, enrolment of a terminal's journal key, and the
// keys under which its heads verify. A terminal keeps its old keys, so that records from before a
// key change still verify. Runs on the thread of the store.
#pragma once

#include <string>
#include <vector>

#include "drivers/base/uuid.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/port/random.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

struct Invitation {
    base::Uuid terminal;
    std::string site;
    std::uint64_t expires_ms = 0;
};
/// Stores an invitation. returns its code, to be shown once: 20 letters and digits in groups of 4
/// (100 random bits); the database keeps only its hash. errors: config_bad (the terminal was
/// revoked: give the device a new UUID), those of the store.
base::Result<std::string> invite(Store& store, const Invitation& invitation, port::Random& random);

/// True if a device has recorded under this UUID: another one does not know its chain and cannot
/// continue it, so whoever invites asks first.
base::Result<bool> has_recorded(Store& store, const base::Uuid& terminal);

/// What an enrolment says beneath its signature: {"terminal","site","code"}.
struct EnrolmentPayload {
    base::Uuid terminal;
    std::string site;  ///< at most limits::site_bytes_max
    std::string code;  ///< as typed, at most 40 bytes
};
/// errors  message_bad. cost: pure.
base::Result<EnrolmentPayload> parse_enrolment(base::ByteView payload);

/// Takes a terminal in. body = compact JWS of type freigabe-enrolment+jwt with the journal key in
/// its header, payload
/// {"terminal","site","code"}. The same body again gives the same answer, so that a lost answer
/// costs nothing. errors  message_bad (form), signature_bad, peer_not_allowed (no such invitation,
/// used by another key, expired, or
///         for another terminal than `caller`). It uses up every invitation of the terminal.
base::Result<void> enrol(Store& store, std::string_view body, const base::Uuid& caller,
                         std::uint64_t now_ms);

/// Takes in the key that follows: body = statement of the present key (sync/seal/key_change.hpp).
/// From the epoch that it names on, no earlier key counts. The same key again gives the same
/// answer. returns its number.
/// errors  message_bad, signature_bad, peer_not_allowed (not enrolled, another terminal, a key that
///         was in use before, too many keys), record_bad (an epoch that has begun already).
base::Result<std::uint64_t> change_key(Store& store, std::string_view body,
                                       const base::Uuid& caller, std::uint64_t now_ms);

/// The journal keys of a terminal, newest first; empty if it is not enrolled. At most
/// terminal_keys_max.
base::Result<std::vector<crypto::Point>> journal_keys(Store& store, const base::Uuid& terminal);
/// Those of them that may sign records of this epoch, newest first.
base::Result<std::vector<crypto::Point>> journal_keys(Store& store, const base::Uuid& terminal,
                                                      std::uint32_t epoch);

/// How a chain of a terminal stands here.
struct ChainStand {
    std::uint32_t epoch = 0;
    std::uint64_t next_seq = 0;
    std::string head;  ///< JWS of the terminal under its newest record
};
/// All chains of a terminal, ascending epochs, the newest limits::epochs_max of them: what a
/// terminal compares with its own after a backend or a disk came out of a backup.
base::Result<std::vector<ChainStand>> chains_of(Store& store, const base::Uuid& terminal);

}  // namespace backend
