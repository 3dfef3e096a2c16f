// SPDX-License-Identifier: EUPL-1.2
// Reads what lies on a stick for one terminal: the manifest, and file by file the bytes that it
// describes. Whatever was done to the stick ends in a reason here; nothing unlisted is opened. Each
// file is read once, and those bytes are what is compared and handed on. One thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "drivers/crypto/ec.hpp"
#include "drivers/port/usb_store.hpp"
#include "sync/courier/manifest.hpp"

namespace courier {

/// One terminal's folder in one direction.
struct Folder {
    Direction direction = Direction::out;
    base::Uuid terminal;
};

struct SignedManifest {
    std::string jws;
    OutManifest manifest;  ///< what the text says; not verified
};
/// errors  stick_bad ("unfinished": no manifest; form; another terminal's), those of the stick.
base::Result<SignedManifest> read_out(port::UsbStore& stick, const base::Uuid& terminal);
/// errors  as read_out.
base::Result<InManifest> read_in(port::UsbStore& stick, const base::Uuid& terminal);

/// The bytes of a listed file. errors: stick_bad (size or digest is another), those of the stick.
base::Result<std::string> read_file(port::UsbStore& stick, const Folder& folder,
                                    const ManifestFile& file);

/// True if one of these keys made the signature. cost: one ECDSA verification a key.
[[nodiscard]] bool is_signed_by(const SignedManifest& manifest,
                                std::span<const crypto::Point> journal_keys);

struct Terminals {
    std::vector<base::Uuid> found;  ///< ascending, at most courier_terminals_max
    std::size_t foreign = 0;        ///< names that are no terminal's
};
/// Whose folders there are in one direction; none if the direction has no folder.
/// errors  stick_bad (too many), those of the stick.
base::Result<Terminals> terminals_on(port::UsbStore& stick, Direction direction);

}  // namespace courier
