// SPDX-License-Identifier: EUPL-1.2
// Our account at FIT-Connect, the administration's own delivery service, and which authorities are
// reached there. A file of the operator; read once at start. Pure, any thread. Form:
// {"schema":"freigabe-fitconnect-1","api":"https://host","token":"https://host","token_path":"/token",
//  "client_id","client_secret","service":{"name","identifier"},"data_schema":uri,
//  "destinations":{"<authority>":"<uuid of its destination>"},"look_s":300 (may be absent)}
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "drivers/base/limits_fitconnect.hpp"
#include "drivers/base/result.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/base/uuid.hpp"
#include "sync/http/client.hpp"

namespace backend {

using FitClientSecret = base::Secret<struct FitClientSecretTag, 256>;

struct FitAccount {
    http::Origin api;
    http::Origin token;
    std::string token_path;
    std::string client_id;
    FitClientSecret client_secret;
    std::string service_name;
    std::string service_identifier;  ///< urn:de:fim:leika:leistung:...
    std::string data_schema;         ///< URI of the schema of what we send
    std::map<std::string, base::Uuid, std::less<>> destinations;
    std::uint64_t look_ms = limits::fit_look_ms;  ///< first look for the recipient's word
};

/// errors  config_bad.
base::Result<FitAccount> parse_fit_account(std::string_view json);

}  // namespace backend
