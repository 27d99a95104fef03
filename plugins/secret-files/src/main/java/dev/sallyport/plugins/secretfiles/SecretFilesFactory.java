package dev.sallyport.plugins.secretfiles;

import dev.sallyport.api.SecretSource;
import dev.sallyport.api.SecretSourceFactory;
import dev.sallyport.api.ServiceContext;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.nio.file.Files;

/** Makes the services of type {@code secret-files}. */
@Doc("Gives secrets from a folder with a file for each.")
@Type("secret-files")
public final class SecretFilesFactory implements SecretSourceFactory<SecretFilesConfig> {

    @Override
    public SecretSource create(SecretFilesConfig config, ServiceContext context) {
        if (!Files.isDirectory(config.path())) {
            throw new ConfigException("path", config.path() + " (expected: a folder); make or mount it");
        }
        return new SecretFiles(config.path());
    }
}
