// SPDX-License-Identifier: EUPL-1.2
// `freigabectl pki init`: the whole test and demo PKI in one folder. Which file is what:
// pki_init.cpp, top.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/base/uuid.hpp"
#include "drivers/crypto/ec.hpp"
#include "drivers/port/random.hpp"

namespace ctl {

struct PkiPlan {
    std::filesystem::path folder;
    std::chrono::sys_days today;
    int terminal_days = 30;  ///< validity of the eID terminal certificate; real ones live about two
    crypto::Curve card_curve = crypto::Curve::brainpool_p256r1;
    base::Uuid terminal;  ///< id of the terminal: common name of its TLS certificate
    std::vector<std::string> dns_names{"localhost"};  ///< names of the backend, with 127.0.0.1
};

/// Makes every key and certificate. Never replaces a key: a folder that holds one already is
/// refused. errors  file_io (detail EEXIST: a key is there), certificate_bad, crypto_failed.
base::Result<void> make_pki(const PkiPlan& plan, port::Random& random);

}  // namespace ctl
