// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/page_check.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/www/page_files.hpp"
#include "sync/model/json.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/jwk.hpp"

namespace backend {
namespace {

// 170 bytes each, so 350 kB: a phone loads that, and no terminal network comes near.
constexpr std::size_t keys_max = 2'048;

constexpr Statement find_keys{
    "SELECT k.terminal, k.public_key, k.enrolled_ms,"
    " (SELECT MIN(n.enrolled_ms) FROM terminal_key n WHERE n.terminal = k.terminal"
    " AND n.key_no > k.key_no AND n.from_epoch > 1) FROM terminal_key k"
    " ORDER BY k.terminal, k.key_no DESC LIMIT $1"};

std::string_view part(std::string_view name) {
    const auto files = check_page_files();
    const auto file = std::ranges::find(files, name, &PageFile::name);
    CHECK(file != files.end());
    return file->content;
}

/// Puts `value` where `mark` stands, which must be exactly once.
void fill_in(std::string& page, std::string_view mark, std::string_view value) {
    const std::size_t place = page.find(mark);
    CHECK(place != std::string::npos);
    CHECK(page.find(mark, place + 1) == std::string::npos);
    page.replace(place, mark.size(), value);
}

/// A hash source of a policy: in base64, whose letters for 62 and 63 are not those of base64url.
std::string hash_source(std::string_view text) {
    // An end tag inside would end the element before the bytes that are hashed do.
    CHECK(text.find("</") == std::string_view::npos);
    std::string base64 = base::to_base64url(crypto::sha256(base::as_bytes(text)));
    std::ranges::replace(base64, '-', '+');
    std::ranges::replace(base64, '_', '/');
    return "'sha256-" + base64 + "='";
}

std::string day_member(std::string_view name, std::uint64_t ms) {
    return ",\"" + std::string(name) + "\":\"" + model::to_text(model::day_of(ms)) + "\"";
}

base::Result<std::string> key_set(Store& store, std::uint64_t now_ms) {
    TRY(rows, store.run(find_keys, {column_of(keys_max)}));
    std::vector<std::string> keys;
    keys.reserve(rows.size());
    for (const Row& row : rows) {
        TRY(point, crypto::parse_point(crypto::Curve::p256, row.bytes(1)));
        std::string jwk = seal::write_public_jwk({base::to_text(uuid_of(row.bytes(0))), point});
        // Days between which this key signed; an end only where another one followed it.
        jwk.pop_back();
        if (row.number(2) > 0) jwk += day_member("from", row.count(2));
        if (!row.is_null(3)) jwk += day_member("to", row.count(3));
        keys.push_back(jwk + "}");
    }
    return model::JsonWriter()
        .raw("keys", model::json_array(keys))
        .text("as_of", model::to_text(model::day_of(now_ms)))
        .done();
}

}  // namespace

CheckPage::CheckPage() {
    const std::string_view style = part("check.css");
    const std::string script =
        std::string(part("verify.js")).append(part("texts.js")).append(part("page.js"));
    std::string page(part("index.html"));
    constexpr std::string_view keys_mark = "{keys}";
    const std::size_t keys = page.find(keys_mark);
    CHECK(keys != std::string::npos);
    before_keys_ = page.substr(0, keys);
    after_keys_ = page.substr(keys + keys_mark.size());
    fill_in(before_keys_, "{style}", style);
    fill_in(after_keys_, "{script}", script);
    // Images are the icon in the page's own text. Texts cannot become scripts, whatever they hold.
    policy_ = "default-src 'none'; script-src " + hash_source(script) + "; style-src " +
              hash_source(style) +
              "; img-src data:; connect-src 'none'; base-uri 'none'; form-action 'none';"
              " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
}

base::Result<http::Response> CheckPage::serve(Store& store, std::uint64_t now_ms) const {
    TRY(keys, key_set(store, now_ms));
    auto response =
        http::make_response(200, "text/html; charset=utf-8", before_keys_ + keys + after_keys_);
    response.headers.push_back({"content-security-policy", policy_});
    response.headers.push_back({"x-content-type-options", "nosniff"});
    response.headers.push_back({"referrer-policy", "no-referrer"});
    response.headers.push_back({"cross-origin-opener-policy", "same-origin"});
    response.headers.push_back({"cross-origin-resource-policy", "same-origin"});
    response.headers.push_back({"cache-control", "no-store"});
    return response;
}

}  // namespace backend
