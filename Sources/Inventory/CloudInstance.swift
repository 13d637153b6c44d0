import LinuxSystem

/// Which cloud the machine is an instance of, from what its firmware says: no metadata service is asked.
struct CloudInstance {
    /// `aws`, `gcp`, `azure` …
    var provider: String
    /// The instance's number at its provider, where the firmware has it.
    var id: String?
    /// The instance's size, where the firmware has it.
    var type: String?

    /// Nil for a machine that is in no known cloud.
    init?(_ firmware: Firmware, _ root: SystemRoot) {
        let vendor = firmware.vendor?.lowercased() ?? ""
        let model = firmware.model?.lowercased() ?? ""
        let tag = firmware.assetTag ?? ""
        // Xen instances of Amazon are told by their UUID or firmware version only.
        let version = (firmware.biosVersion ?? "") + (firmware.version ?? "")
        if vendor == "amazon ec2" || version.lowercased().contains("amazon") {
            provider = "aws"
            id = firmware.boardAssetTag.flatMap { $0.hasPrefix("i-") ? $0 : nil }
            type = vendor == "amazon ec2" ? firmware.model : nil
        } else if model.contains("google compute engine") {
            provider = "gcp"
            id = firmware.serial.flatMap { $0.hasPrefix("GoogleCloud-") ? String($0.dropFirst(12)) : nil }
        } else if tag == "7783-7084-3265-9085-8269-3286-77" {
            provider = "azure"
            id = firmware.uuid
        } else if tag == "OracleCloud.com" {
            provider = "oracle"
        } else if vendor.contains("alibaba") {
            provider = "alibaba"
            id = firmware.serial
        } else if let name = CloudInstance.makers[vendor] {
            provider = name
            id = firmware.serial
        } else if model.contains("openstack") || vendor.contains("openstack") || tag == "OpenTelekomCloud" {
            provider = "openstack"
            id = firmware.uuid
        } else {
            return nil
        }
    }

    private static let makers = [
        "digitalocean": "digitalocean", "hetzner": "hetzner", "vultr": "vultr", "scaleway": "scaleway",
        "akamai": "linode", "linode": "linode", "exoscale": "exoscale", "upcloud": "upcloud",
        "tencent cloud": "tencent",
        "huawei cloud": "huawei", "ovhcloud": "ovh",
    ]
}
