// SPDX-License-Identifier: EUPL-1.2
// The list of what one side has put into its folder: written last, so a folder with a manifest is
// complete, and every file in it can be told from a damaged or exchanged one.
//   out  JWS, typ freigabe-courier+jwt, kid = terminal, payload
//        {"schema":"freigabe-courier-out-1","terminal","epoch","from","to","head","events_after","log_size","files":[file...]}
//   in
//   {"schema":"freigabe-courier-in-1","terminal","files":[file...],"refused":[{"name","status","type"}...]}
//   file {"name","bytes","digest":"sha-256=:<base64>:"}
//
// Who signs. Bodies and answers bear their own signatures (chain heads by the journal key;
// receipts, events and checkpoints by the receipt key), so no signature here could add to what is
// believed of a record, and the way in has none. The manifest outwards is signed for what it
// *asks*: the events since a number. Over HTTPS the TLS key says who asks; here the journal key
// does, at the kiosk, on syncd's request. Not syncd's TLS key, although it lies nearer: its
// certificate runs out after weeks without a network, which is just when a stick is needed, and a
// backend without a network knows journal keys from the enrolment and needs no PKI for this. A
// hostile syncd can have any manifest of its own terminal signed; it gains what it has over HTTPS,
// and nothing else, because the type keeps the signature from being used for a head, a slip or an
// enrolment. Pure, any thread. Norm: RFC 7515, RFC 9530 (form of the digest).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "sync/courier/layout.hpp"
#include "sync/model/declaration.hpp"

namespace courier {

inline constexpr std::string_view typ_manifest = "freigabe-courier+jwt";

struct ManifestFile {
    FileName name;
    std::uint64_t bytes = 0;  ///< at most courier_file_bytes_max
    model::Digest sha256{};
    friend bool operator==(const ManifestFile&, const ManifestFile&) = default;
};

struct OutManifest {
    base::Uuid terminal;
    // What the newest epoch among the batches contributes; all zero and empty without a batch.
    std::uint32_t epoch = 0;
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    std::string head;  ///< compact JWS of `to`
    // Where the answer is to continue.
    std::uint64_t events_after = 0;
    std::uint64_t log_size = 0;
    std::vector<ManifestFile> files;  ///< ascending; at most courier_bodies_max
    friend bool operator==(const OutManifest&, const OutManifest&) = default;
};

/// What the backend did not take, and why: its HTTP answer in two words.
struct Refusal {
    FileName name;
    unsigned status = 0;
    std::string type;  ///< problem type behind "urn:freigabe:problem:", 1..64 of a-z and -
    friend bool operator==(const Refusal&, const Refusal&) = default;
};
struct InManifest {
    base::Uuid terminal;
    std::vector<ManifestFile> files;  ///< ascending; at most courier_files_max
    std::vector<Refusal> refused;
    friend bool operator==(const InManifest&, const InManifest&) = default;
};

/// The payload, for the journal key to sign.
[[nodiscard]] std::string encode(const OutManifest& manifest);
[[nodiscard]] std::string encode(const InManifest& manifest);
/// errors  stick_bad: JSON, members, a name, order or bound that does not fit.
base::Result<OutManifest> parse_out_manifest(std::string_view payload);
base::Result<InManifest> parse_in_manifest(std::string_view text);

/// The entry of these bytes.
[[nodiscard]] ManifestFile describe(const FileName& name, std::string_view bytes);

}  // namespace courier
